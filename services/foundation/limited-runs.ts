import { Fault } from './errors.ts'

/**
 * Runs costly work a few pieces at a time; the others wait in their order.
 *
 * @throws too_many_requests with the sentence `refusal` when `waitingMax` wait already
 */
export function limitedRuns(limits: {
  runsMax: number
  waitingMax: number
  refusal: string
}): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= limits.runsMax) {
      if (waiting.length >= limits.waitingMax) {
        throw new Fault('too_many_requests', limits.refusal)
      }
      // Whoever ends hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
