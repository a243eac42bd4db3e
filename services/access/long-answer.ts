import type { FastifyRequest } from 'fastify'
import type { DownloadEnd } from '../foundation/db/words.ts'

/** Who gets a long answer is asked about after this many bytes … */
export const askAgainBytes = 4 * 1024 ** 2
/** … and after this long by default, also while nothing moves: whoever lost his right is cut off within 15 s. */
export const defaultAskAgainMs = 10_000

export interface LongAnswer {
  /** Counts bytes that are about to go out. Resolves when they may: to false when the answer has been cut instead. */
  mayPass(bytes: number): Promise<boolean>
  /** Asks no more. */
  stop(): void
}

/**
 * Watches an answer that may take long. `lost` says why it must not go on, or null; `inUse` tells it whether bytes moved
 * since it was last asked. The first reason is given to `cut`, once. When it cannot be asked (the database is away), the
 * answer is cut as well: nothing goes out to somebody of whom nothing is known.
 */
export function watchLongAnswer(watch: {
  askAgainMs: number
  lost(inUse: boolean): Promise<DownloadEnd | null>
  cut(why: DownloadEnd, cause?: unknown): void
}): LongAnswer {
  let state: 'going' | 'cut' | 'stopped' = 'going'
  let unasked = 0
  let hasMoved = false
  const ask = async (inUse: boolean): Promise<void> => {
    const found = await watch.lost(inUse).then(
      (why) => ({ why, cause: undefined }),
      (cause: unknown) => ({ why: 'not_checked' as const, cause }),
    )
    if (found.why === null || state !== 'going') return
    state = 'cut'
    clearInterval(timer)
    watch.cut(found.why, found.cause)
  }
  const timer = setInterval(() => {
    void ask(hasMoved)
    hasMoved = false
  }, watch.askAgainMs)
  timer.unref()
  return {
    async mayPass(bytes) {
      hasMoved = true
      unasked += bytes
      if (unasked >= askAgainBytes) {
        unasked = 0
        await ask(true)
      }
      return state !== 'cut'
    },
    stop() {
      if (state === 'going') state = 'stopped'
      clearInterval(timer)
    },
  }
}

/** Ends a connection at once: what its buffers still hold is dropped, as far as the protocol allows it. */
export function cutConnection(request: FastifyRequest): void {
  const { socket } = request.raw
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}
