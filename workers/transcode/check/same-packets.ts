import { toleranceMs } from './findings.ts'

/** Packets of one sound in their order. */
export interface SoundPackets {
  /** CRC-32 of each packet's bytes. */
  readonly crcs: readonly number[]
  /** When each begins, on the recording's clock. */
  readonly timesMs: readonly number[]
}

/**
 * True when the rendition holds the source's packets byte for byte, each within 40 ms of its time: all of them, or all but
 * those that begin before the recording does, with which the coder warmed up. Such sound need not be compared by ear. Pure.
 */
export function haveSamePackets(source: SoundPackets, made: SoundPackets): boolean {
  const leftOut = source.crcs.length - made.crcs.length
  if (leftOut < 0 || made.crcs.length === 0) return false
  if (leftOut > 0 && !(source.timesMs[leftOut - 1]! < 0)) return false
  return made.crcs.every((crc, place) => {
    const movedMs = made.timesMs[place]! - source.timesMs[place + leftOut]!
    return crc === source.crcs[place + leftOut] && Math.abs(movedMs) <= toleranceMs
  })
}
