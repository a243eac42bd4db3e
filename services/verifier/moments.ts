import type { Words } from './words.ts'

/** What a calendar of four digits can hold; a cosignature may state any number of seconds. */
const secondsMax = 253_402_300_799

/** A POSIX time as UTC text, such as 2026-09-01T08:00:00Z. */
export function utcText(seconds: number): string {
  return seconds > secondsMax ? `${seconds} s after 1970` : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** The same by the clocks of the bureau: 北京时间 2026-09-01 16:00:00. */
export function beijingText(seconds: number): string {
  if (seconds > secondsMax) return utcText(seconds)
  const shifted = new Date((seconds + 8 * 3600) * 1000).toISOString()
  return `北京时间 ${shifted.slice(0, 10)} ${shifted.slice(11, 19)}`
}

/** A time as in events (DESIGN.md §1) as the report prints it: by the clocks of the bureau in Chinese, as UTC in English. */
export function momentWords(at: string): Words {
  return { zh: beijingText(Math.floor(Date.parse(at) / 1000)), en: at }
}
