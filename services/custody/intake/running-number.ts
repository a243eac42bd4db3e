import { displayName } from '../../foundation/name-decoding.ts'
import { type ParsedName, parseName } from '../devices/name-profile.ts'

/**
 * The running number of the file that was recorded last, by the times in the names: where the next hand-in of the device
 * goes on. Null when no name says one. Pure.
 *
 * @param names base64 of the raw names
 */
export function lastRunningNumber(names: readonly string[]): number | null {
  return lastRunning(names.flatMap((name) => parseName(displayName(Buffer.from(name, 'base64'))) ?? []))
}

/** The running number of the last of these names by their times; null without one. Pure. */
export function lastRunning(names: readonly Pick<ParsedName, 'localTime' | 'running'>[]): number | null {
  let last: Pick<ParsedName, 'localTime' | 'running'> | null = null
  // By time first: after 9999 a device goes on with 0001.
  for (const one of names) {
    const isLater =
      last === null ||
      one.localTime > last.localTime ||
      (one.localTime === last.localTime && one.running > last.running)
    if (isLater) last = one
  }
  return last?.running ?? null
}
