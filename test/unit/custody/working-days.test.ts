import t from 'tap'
import { endOfWorkingDays, isWorkingDay } from '../../../services/custody/settings/working-days.ts'

const friday = new Date('2026-09-25T09:00:00.000Z')

t.test('weekends do not count, and a day ends at midnight in Asia/Shanghai', async (t) => {
  t.equal(endOfWorkingDays(friday, 1, []).toISOString(), '2026-09-28T16:00:00.000Z')
  t.equal(endOfWorkingDays(friday, 3, []).toISOString(), '2026-09-30T16:00:00.000Z')
  // Late on Friday in UTC is Saturday in Shanghai.
  t.equal(endOfWorkingDays(new Date('2026-09-25T17:00:00.000Z'), 1, []).toISOString(), '2026-09-28T16:00:00.000Z')
})

t.test('holidays and working weekends are as the calendar says', async (t) => {
  const holidays = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day: `2026-10-0${day}`, isWorkingDay: false }))
  const calendar = [...holidays, { day: '2026-10-10', isWorkingDay: true }]
  t.notOk(isWorkingDay('2026-10-01', calendar))
  t.ok(isWorkingDay('2026-10-10', calendar))
  t.equal(endOfWorkingDays(new Date('2026-09-30T01:00:00.000Z'), 2, calendar).toISOString(), '2026-10-09T16:00:00.000Z')
  t.equal(endOfWorkingDays(new Date('2026-09-30T01:00:00.000Z'), 3, calendar).toISOString(), '2026-10-10T16:00:00.000Z')
})
