import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { vrfProve } from '../../format/vrf.ts'
import type { SubjectSecret } from './secret-mac.ts'

/** Makes VRF proofs (C2SP vrf-r255 over `type:id`), half a millisecond of work each. */
export interface VrfProver {
  /** Proves in a thread of its own. Rejects when the thread dies or `close` is called. */
  prove(subject: string): Promise<SubjectSecret>
  /** Proves in the caller's thread: cheaper for a few than to start a thread. */
  proveNow(subject: string): SubjectSecret
  /** Ends the threads, and rejects what is not proven yet. */
  close(): Promise<void>
}

interface Job {
  readonly subject: string
  readonly resolve: (made: SubjectSecret) => void
  readonly reject: (error: Error) => void
}

interface Thread {
  readonly worker: Worker
  /** In the order in which the thread answers. */
  readonly jobs: Job[]
}

/** Some 2,000 proofs a second each, in 40 MB. One core stays free for the database and for the sequencer itself. */
const threadsMaxDefault = Math.max(1, Math.min(2, availableParallelism() - 1))

/**
 * A prover with at most `threadsMax` threads. A thread starts when there is work for it, and is replaced by the next request
 * after it died. It gets the key in memory and no environment. An idle prover does not keep the process alive.
 */
export function openVrfProver(vrfSecretKey: Uint8Array, threadsMax = threadsMaxDefault): VrfProver {
  const threads = new Set<Thread>()
  let isClosed = false
  const startThread = (): Thread => {
    const worker = new Worker(new URL('./vrf-thread.ts', import.meta.url), {
      name: 'vrf',
      workerData: { vrfSecretKey: Uint8Array.from(vrfSecretKey) },
      env: {},
      execArgv: [],
    })
    const thread: Thread = { worker, jobs: [] }
    threads.add(thread)
    const failed = (error: Error) => {
      threads.delete(thread)
      for (const job of thread.jobs.splice(0)) job.reject(error)
      void worker.terminate()
    }
    worker.on('message', ({ secret, proof }: { secret: Uint8Array; proof: Uint8Array }) => {
      const job = thread.jobs.shift()
      // An answer may still arrive after the thread has failed and its jobs were rejected.
      if (!job) return
      if (thread.jobs.length === 0) worker.unref()
      job.resolve({ subject: job.subject, secret: Buffer.from(secret), proof: Buffer.from(proof) })
    })
    const broken = (cause: unknown) => failed(new Error('a thread that makes VRF proofs failed', { cause }))
    worker.on('error', broken)
    worker.on('messageerror', broken)
    worker.on('exit', (code) => failed(new Error(`a thread that makes VRF proofs ended with code ${code}`)))
    return thread
  }
  const threadForJob = (): Thread => {
    const leastBusy = [...threads].sort((a, b) => a.jobs.length - b.jobs.length)[0]
    if (!leastBusy || (leastBusy.jobs.length > 0 && threads.size < threadsMax)) return startThread()
    return leastBusy
  }
  return {
    prove(subject) {
      if (isClosed) return Promise.reject(new Error('the VRF prover is closed'))
      const { worker, jobs } = threadForJob()
      return new Promise((resolve, reject) => {
        jobs.push({ subject, resolve, reject })
        worker.ref()
        worker.postMessage(subject)
      })
    },
    proveNow(subject) {
      const { output, proof } = vrfProve(vrfSecretKey, Buffer.from(subject, 'utf8'))
      return { subject, secret: output, proof }
    },
    async close() {
      isClosed = true
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}
