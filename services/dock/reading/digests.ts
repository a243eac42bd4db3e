import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'

export type Sm3Request = { readonly id: number } & (
  | { readonly kind: 'update'; readonly chunk: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' | 'discard' }
)
export type Sm3Answer = { readonly id: number } & (
  | { readonly kind: 'taken'; readonly bytes: number }
  | { readonly kind: 'digest'; readonly sm3: string }
)

/** Both digests of one file, as far as it was read. */
export interface RunningDigests {
  /** Bytes that were hashed: the next chunk begins here. */
  readonly position: () => number
  /** Resolves when more may come: memory stays flat however slow the other thread is. */
  update(chunk: Buffer): Promise<void>
  /** Hex. */
  end(): Promise<{ sha256: string; sm3: string }>
  /** What was read is not needed. */
  discard(): void
}

export interface Digests {
  begin(): RunningDigests
  close(): Promise<void>
}

/** How far the other thread may be behind with one file. */
const behindBytesMax = 8 * 1024 * 1024

/** SHA-256 on the thread that reads, SM3 on another. */
export function openDigests(): Digests {
  const worker = new Worker(new URL('./sm3-worker.ts', import.meta.url))
  const listeners = new Map<number, (answer: Sm3Answer) => void>()
  const failures = new Set<(error: Error) => void>()
  worker.on('message', (answer: Sm3Answer) => listeners.get(answer.id)?.(answer))
  let dead: Error | null = null
  const die = (error: Error) => {
    dead ??= error
    for (const fail of failures) fail(dead)
  }
  worker.on('error', die)
  worker.on('exit', () => die(new Error('the thread that computes SM3 has ended')))
  let begun = 0
  return {
    begin() {
      begun += 1
      const id = begun
      const ask = (request: Sm3Request) => {
        if (dead) throw dead
        worker.postMessage(request, request.kind === 'update' ? [request.chunk.buffer] : [])
      }
      return runningDigests(id, ask, listeners, failures)
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

function runningDigests(
  id: number,
  ask: (request: Sm3Request) => void,
  listeners: Map<number, (answer: Sm3Answer) => void>,
  failures: Set<(error: Error) => void>,
): RunningDigests {
  const sha256 = createHash('sha256')
  let position = 0
  let behindBytes = 0
  let goOn: () => void = () => undefined
  let finish: (sm3: string) => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const onFailure = (error: Error) => fail(error)
  const forget = () => {
    listeners.delete(id)
    failures.delete(onFailure)
  }
  failures.add(onFailure)
  listeners.set(id, (answer) => {
    if (answer.kind === 'digest') return finish(answer.sm3)
    behindBytes -= answer.bytes
    if (behindBytes <= behindBytesMax) goOn()
  })
  return {
    position: () => position,
    async update(chunk) {
      sha256.update(chunk)
      position += chunk.length
      behindBytes += chunk.length
      // A copy of its own: the chunk may be a part of a larger buffer, and goes elsewhere too.
      ask({ id, kind: 'update', chunk: new Uint8Array(chunk) })
      if (behindBytes <= behindBytesMax) return
      await new Promise<void>((resolve, reject) => {
        goOn = resolve
        fail = reject
      })
    },
    async end() {
      const sm3 = await new Promise<string>((resolve, reject) => {
        finish = resolve
        fail = reject
        ask({ id, kind: 'end' })
      }).finally(forget)
      return { sha256: sha256.digest('hex'), sm3 }
    },
    discard() {
      forget()
      ask({ id, kind: 'discard' })
    },
  }
}
