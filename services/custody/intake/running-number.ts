import { displayName } from '../../foundation/name-decoding.ts'
import { type ParsedName, parseName } from '../devices/name-profile.ts'

const numbersMax = 9999
/** Photographs have numbers of their own with many devices. */
const stillName = /\.(?:jpe?g|png|heic|dng|bmp|tiff?)$/i

/**
 * The running number of the file that was recorded last, by the times in the names: where the next hand-in of the device
 * goes on. Photographs count where all numbers of the list go up together in the order of time: else they have a counter of their
 * own, and the last film says it. Null when no name says one. Pure.
 *
 * @param names base64 of the raw names
 */
export function lastRunningNumber(names: readonly string[]): number | null {
  const shown = names.map((name) => displayName(Buffer.from(name, 'base64')))
  const all = shown.flatMap((name) => parseName(name) ?? [])
  const films = shown.flatMap((name) => filmOf(name) ?? [])
  return lastRunning(films.length === 0 || goUpTogether(all) ? all : films)
}

function goUpTogether(names: readonly ParsedName[]): boolean {
  const ordered = names.toSorted((a, b) => (a.localTime < b.localTime ? -1 : Number(a.localTime > b.localTime)))
  return ordered.every(({ running }, place) => {
    const step = place === 0 ? 1 : running - ordered[place - 1]!.running
    // After 9999 it begins again.
    return (step > 0 && step <= numbersMax / 2) || step < -numbersMax / 2
  })
}

/** What the name of a film says; null for a photograph's and for one that says no running number. Pure. */
export function filmOf(name: string): ParsedName | null {
  return stillName.test(name) ? null : parseName(name)
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
