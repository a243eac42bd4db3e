import { standMsMin, standsMax } from './inventory.ts'

/** Where a packet says of itself that it lasts long; times in seconds. */
export interface Stand {
  readonly from: number
  readonly to: number
}

/** Keeps the long ones of a stream's packets: of more than `standsMax`, the longest, by steps. */
export function standTally(): {
  add: (from: number, length: number) => void
  result: () => { stands: Stand[]; standSecondsMin: number }
} {
  let stands: Stand[] = []
  let secondsMin = standMsMin / 1000
  return {
    add(from, length) {
      if (length <= secondsMin) return
      stands.push({ from, to: from + length })
      while (stands.length > standsMax) {
        secondsMin *= 2
        stands = stands.filter((stand) => stand.to - stand.from > secondsMin)
      }
    },
    result: () => ({ stands, standSecondsMin: secondsMin }),
  }
}
