import { text } from '../../services/foundation/config.ts'
import type { Workers } from '../../services/foundation/queue/worker.ts'
import { part } from '../part.ts'
import { startSandboxProof } from '../sandbox-proof.ts'
import { type QueueDeps, takeJobs } from '../take-jobs.ts'
import { firstTry, firstTryMs } from '../transcode/places.ts'
import { sweepScratch, type TranscodeDeps, transcode } from '../transcode.ts'

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
      workers = takePlaces(deps, transcodeDeps, firstTryMs)
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

/** Opens the two places (see ../transcode/places.ts): each takes its own jobs, one at a time. */
export function takePlaces(deps: QueueDeps, transcodeDeps: TranscodeDeps, firstTryEndsAfterMs: number): Workers {
  const places = [
    takeJobs(deps, 'transcode', (job, signal) =>
      firstTry(deps, { job, afterMs: firstTryEndsAfterMs, signal }, (limited) =>
        transcode(transcodeDeps, job, 'short', limited),
      ),
    ),
    takeJobs(deps, 'transcode_long', (job, signal) => transcode(transcodeDeps, job, 'long', signal)),
  ]
  return {
    async close() {
      await Promise.all(places.map((place) => place.close()))
    },
  }
}
