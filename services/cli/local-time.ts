import { namedBeginning, namedEnd } from '../custody/settings/named-time.ts'
import { Fault } from '../foundation/errors.ts'

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** A beginning as a command line names it: a day, from its midnight in Asia/Shanghai, or ISO 8601. @throws bad_request */
export function beginningOption(option: string, text: string): string {
  return requireNamed(option, text, namedBeginning(text))
}

/** An end as a command line names it: a day counts whole. @throws bad_request */
export function endOption(option: string, text: string): string {
  return requireNamed(option, text, namedEnd(text))
}

function requireNamed(option: string, text: string, time: Date | null): string {
  if (time) return time.toISOString()
  throw new Fault('bad_request', `${option} ${text}: a day (2026-12-01) or a time in ISO 8601`)
}

/** A time as lines show it: `2026-11-28 14:05:09` in Asia/Shanghai; what is no time stays as it is. */
export function localTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : shanghai.format(time)
}
