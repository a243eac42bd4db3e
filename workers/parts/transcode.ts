import { text } from '../../services/foundation/config.ts'
import type { Workers } from '../../services/foundation/queue/worker.ts'
import { part } from '../part.ts'
import { startSandboxProof } from '../sandbox-proof.ts'
import { takeJobs } from '../take-jobs.ts'
import { sweepScratch, transcode } from '../transcode.ts'

/** Jobs stay in the queue until the sandbox is proven: nothing takes them before. */
export const transcodePart = part({
  name: 'transcode',
  shape: { scratchDirectory: text('SCRATCH_DIR', { fallback: '/var/tmp/custody' }) },
  async start(deps, { scratchDirectory }) {
    const stopper = new AbortController()
    await sweepScratch(deps.db, scratchDirectory, deps.clock.now())
    const proof = startSandboxProof(scratchDirectory, deps.log, stopper.signal)
    const { requireSandbox } = proof
    const transcodeDeps = { ...deps, primary: deps.stores.primary, scratchDirectory, requireSandbox }
    let workers: Workers | null = null
    void proof.proven.then(() => {
      if (stopper.signal.aborted) return
      workers = takeJobs(deps, 'transcode', (job, signal) => transcode(transcodeDeps, job, signal))
    })
    return {
      ready: proof.unproven,
      close: async () => {
        stopper.abort()
        await workers?.close()
      },
    }
  },
})
