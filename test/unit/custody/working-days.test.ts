import t from 'tap'
import { endOfDeadline, endOfWorkingDays, isWorkingDay } from '../../../services/custody/settings/working-days.ts'

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

t.test('the three terms to hand in and to explain', async (t) => {
  const friday = new Date('2026-11-27T18:00:00+08:00')
  const ends = (deadline: 'same_day' | '24_hours' | '2_working_days', from = friday) =>
    endOfDeadline(deadline, from, [{ day: '2026-11-30', isWorkingDay: false }]).toISOString()
  t.equal(ends('same_day'), '2026-11-27T16:00:00.000Z', 'the end of that day')
  t.equal(ends('same_day', new Date('2026-11-27T00:10:00+08:00')), '2026-11-27T16:00:00.000Z')
  t.equal(ends('24_hours'), '2026-11-28T10:00:00.000Z')
  t.equal(ends('2_working_days'), '2026-12-02T16:00:00.000Z', 'over the weekend and a holiday')
})
