import type { Ingest } from '../ingest/client.ts'
import type { StationClock } from '../vendor/device-clock.ts'

/** The bureau's clock is the measure: this station's time is proven while it agreed within this lately. */
const clockOffMs = 2000
const clockProvenMs = 24 * 3_600_000

export function clockState(ingest: Ingest, nowMs: number): StationClock {
  const clock = ingest.clock()
  if (!clock || Math.abs(nowMs - clock.atMs) > clockProvenMs) return 'unproven'
  if (Math.abs(clock.offsetMs) > clockOffMs + clock.errorMs) return 'off'
  return clock.errorMs <= clockOffMs ? 'proven' : 'unproven'
}
