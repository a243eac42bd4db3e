import { Fault } from '../foundation/errors.ts'

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** A time as a command line names it: a day, which begins at midnight in Asia/Shanghai, or ISO 8601. @throws bad_request */
export function namedTime(option: string, text: string): string {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00+08:00` : text)
  if (!Number.isNaN(time.getTime())) return time.toISOString()
  throw new Fault('bad_request', `${option} ${text}: a day (2026-12-01) or a time in ISO 8601`)
}

/** A time as lines show it: `2026-11-28 14:05:09` in Asia/Shanghai; what is no time stays as it is. */
export function localTime(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : shanghai.format(time)
}
