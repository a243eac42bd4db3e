import { type Static, Type } from 'typebox'
import { closed } from '../events/shapes.ts'
import type { EffectLine, SettingChange } from './definition.ts'

/** A day that is not what its weekday says: a holiday, or a Saturday or Sunday on which people work (调休). */
export const CalendarDay = closed({
  day: Type.String({ title: 'day', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  isWorkingDay: Type.Boolean(),
})
export type Calendar = readonly Static<typeof CalendarDay>[]

/** Asia/Shanghai: no daylight saving since 1991. */
export const shanghaiOffsetMs = 8 * 60 * 60_000

/** The calendar's day in Asia/Shanghai, as `YYYY-MM-DD`. */
export function dayIn(time: Date): string {
  return new Date(time.getTime() + shanghaiOffsetMs).toISOString().slice(0, 10)
}

/** Why these days are no calendar: a day that does not exist, or one that is listed twice. Null when nothing is wrong. */
export function calendarProblem(days: Calendar): string | null {
  const seen = new Set<string>()
  for (const { day } of days) {
    const time = new Date(`${day}T00:00:00.000Z`)
    if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== day) return `there is no day ${day}`
    if (seen.has(day)) return `the day ${day} is listed twice`
    seen.add(day)
  }
  return null
}

/** How many days a new calendar adds, changes and takes away, and how many of those are over already. */
export async function calendarEffect(change: SettingChange<Calendar>): Promise<EffectLine[]> {
  const before = new Map(change.before.map(({ day, isWorkingDay }) => [day, isWorkingDay]))
  const after = new Map(change.after.map(({ day, isWorkingDay }) => [day, isWorkingDay]))
  const added = [...after.keys()].filter((day) => !before.has(day))
  const changed = [...after].filter(([day, works]) => before.has(day) && before.get(day) !== works).map(([day]) => day)
  const removed = [...before.keys()].filter((day) => !after.has(day))
  const today = dayIn(change.at)
  const past = [...added, ...changed, ...removed].filter((day) => day < today).length
  const holidays = change.after.filter(({ isWorkingDay }) => !isWorkingDay).length
  const working = change.after.length - holidays
  return [
    {
      zh: `新日历：放假 ${holidays} 天，调休上班 ${working} 天。`,
      en: `The new calendar lists ${holidays} holidays and ${working} working weekend days.`,
    },
    {
      zh: `新增 ${added.length} 天，改动 ${changed.length} 天，删去 ${removed.length} 天；其中 ${past} 天在生效前已经过去，已算出的期限不变。`,
      en: `${added.length} days are added, ${changed.length} changed, ${removed.length} removed; ${past} of them are over before it takes effect. Deadlines that were worked out before stay as they are.`,
    },
  ]
}
