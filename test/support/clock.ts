import { type Clock, systemClock } from '../../services/foundation/clock.ts'

/** The real time plus an offset that the test sets, in a world that was opened with `movesClock`. */
export interface FakeClock extends Clock {
  advance(ms: number): void
  /** Holds the time still, so that nothing gets late while the machine is busy, until the returned function is called. */
  stop(): () => void
  set(time: Date): void
}

/** The real time, for worlds whose test does not move it. */
export const steadyClock = (): FakeClock => ({
  ...systemClock,
  advance: refuseToMove,
  set: refuseToMove,
  stop: refuseToMove,
})

function refuseToMove(): never {
  throw new Error('a test that moves its clock opens its world with { movesClock: true }')
}

/** A clock that runs with the real one and can be moved. */
export function fakeClock(): FakeClock {
  let offsetMs = 0
  let stoppedAtMs: number | null = null
  const realMs = () => stoppedAtMs ?? Date.now()
  return {
    now: () => new Date(realMs() + offsetMs),
    advance: (ms) => {
      offsetMs += ms
    },
    set: (time) => {
      offsetMs = time.getTime() - realMs()
    },
    stop: () => {
      stoppedAtMs = Date.now()
      return () => {
        stoppedAtMs = null
      }
    },
  }
}
