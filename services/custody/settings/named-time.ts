import { dayIn } from './calendar.ts'

/** A beginning as people name it: a day, from its midnight in Asia/Shanghai, or a time in ISO 8601. Null when it is neither. */
export function namedBeginning(text: string): Date | null {
  return timeOrDay(text, '00:00:00.000')
}

/** An end as people name it: a day counts whole, to its last millisecond in Asia/Shanghai. Null when it is no day and no time. */
export function namedEnd(text: string): Date | null {
  return timeOrDay(text, '23:59:59.999')
}

function timeOrDay(text: string, timeOfDay: string): Date | null {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text)
  const time = new Date(isDay ? `${text}T${timeOfDay}+08:00` : text)
  if (Number.isNaN(time.getTime())) return null
  // A day that the calendar does not have is read as one of the next month.
  return isDay && dayIn(time) !== text ? null : time
}
