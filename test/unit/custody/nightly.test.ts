import t from 'tap'
import { lastStroke } from '../../../services/custody/fsck/nightly.ts'

const shanghai = { hour: 2, minute: 0, timeZone: 'Asia/Shanghai' }
const stroke = (now: string, plan = shanghai) => lastStroke(new Date(now), plan).toISOString()

t.test('the last time that the clock struck the hour, there', async (t) => {
  t.equal(stroke('2026-11-23T18:00:00.000Z'), '2026-11-23T18:00:00.000Z', '02:00 in Shanghai is now')
  t.equal(stroke('2026-11-23T17:59:59.999Z'), '2026-11-22T18:00:00.000Z', 'a moment before, it was yesterday')
  t.equal(stroke('2026-11-24T17:00:00.000Z'), '2026-11-23T18:00:00.000Z')
  t.equal(stroke('2026-01-01T00:00:00.000Z'), '2025-12-31T18:00:00.000Z', 'over the year')
})

t.test('in a zone west of Greenwich and over a change of summer time', async (t) => {
  const berlin = { hour: 4, minute: 30, timeZone: 'Europe/Berlin' }
  t.equal(stroke('2026-03-28T12:00:00Z', berlin), '2026-03-28T03:30:00.000Z')
  t.equal(stroke('2026-03-29T12:00:00Z', berlin), '2026-03-29T02:30:00.000Z')
  const newYork = { hour: 23, minute: 15, timeZone: 'America/New_York' }
  t.equal(stroke('2026-11-23T04:14:00Z', newYork), '2026-11-22T04:15:00.000Z')
  t.equal(stroke('2026-11-23T04:15:00Z', newYork), '2026-11-23T04:15:00.000Z')
})
