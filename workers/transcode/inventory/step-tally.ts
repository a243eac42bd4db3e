import { type InventoryTrack, standMsMin } from './inventory.ts'

/** Steps are told apart by three digits: the counts stay few, however many packets there are. */
const digits = 1000
/** Time stamps that are nearer are one. */
const stepSecondsMin = 0.001

/** Counts the steps from packet to packet. */
export interface StepTally {
  readonly add: (seconds: number) => void
  /** The usual step in ms, which half of the steps do not exceed; null when there was none. */
  readonly result: () => number | null
}

/**
 * The usual step between the packets of one stream, in flat memory. A film of events, with pauses of minutes between them, has
 * few pictures a second on average, and its usual step is still that of the camera.
 */
export function stepTally(): StepTally {
  const counts = new Map<number, number>()
  let steps = 0
  return {
    add(seconds) {
      if (!(seconds >= stepSecondsMin && Number.isFinite(seconds))) return
      let [ms, unit] = [seconds * 1000, 1]
      while (ms >= digits * unit) unit *= 10
      ms = Math.round(ms / unit) * unit
      counts.set(ms, (counts.get(ms) ?? 0) + 1)
      steps++
    },
    result() {
      let passed = 0
      for (const [ms, count] of [...counts].sort(([one], [other]) => one - other)) {
        passed += count
        if (passed * 2 >= steps) return ms
      }
      return null
    },
  }
}

/** How long a picture of a track usually lasts, in ms; of a single one its average; 0 when that is not known. Pure. */
export function usualStepMsOf({ usualStepMs, picture }: Pick<InventoryTrack, 'usualStepMs' | 'picture'>): number {
  return usualStepMs ?? (picture?.rate ? 1000 / picture.rate : 0)
}

/** How long a picture may stand without being listed among `stands` because there were too many; 0 when all are. Pure. */
export function unlistedStandMsOf({ standMsMin: fromMs }: Pick<InventoryTrack, 'standMsMin'>): number {
  return fromMs > standMsMin ? fromMs : 0
}
