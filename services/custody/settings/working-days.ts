import type { Db } from '../../foundation/db/database.ts'
import { type Calendar, dayIn, shanghaiOffsetMs } from './calendar.ts'
import type { HandInDeadline } from './deadline.ts'
import { settingValue } from './value.ts'

const dayMs = 24 * 60 * 60_000

/** Monday to Friday, but for the days that the calendar says otherwise of. */
export function isWorkingDay(day: string, calendar: Calendar): boolean {
  const exception = calendar.findLast((one) => one.day === day)
  if (exception) return exception.isWorkingDay
  const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * The end of the n-th working day after the day of `from`, in Asia/Shanghai: what is given on a Friday and holds for one
 * working day holds until Monday midnight.
 */
export function endOfWorkingDays(from: Date, workingDays: number, calendar: Calendar): Date {
  let day = dayIn(from)
  for (let left = workingDays; left > 0; ) {
    day = new Date(Date.parse(`${day}T00:00:00.000Z`) + dayMs).toISOString().slice(0, 10)
    if (isWorkingDay(day, calendar)) left -= 1
  }
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + dayMs - shanghaiOffsetMs)
}

/** `endOfWorkingDays` by the calendar in force at `from`. */
export async function workingDaysAfter(db: Db, from: Date, workingDays: number): Promise<Date> {
  return endOfWorkingDays(from, workingDays, await settingValue(db, 'calendar.days', from))
}

/** When a term to hand in or to explain that began at `from` is over; days are those of Asia/Shanghai. */
export function endOfDeadline(deadline: HandInDeadline, from: Date, calendar: Calendar): Date {
  if (deadline === '24_hours') return new Date(from.getTime() + dayMs)
  return endOfWorkingDays(from, deadline === 'same_day' ? 0 : 2, calendar)
}

/** `endOfDeadline` by the setting `hand_in.deadline` and the calendar in force at `from`. */
export async function handInDeadlineAfter(db: Db, from: Date): Promise<Date> {
  const deadline = await settingValue(db, 'hand_in.deadline', from)
  return endOfDeadline(deadline, from, await settingValue(db, 'calendar.days', from))
}
