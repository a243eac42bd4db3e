import t from 'tap'
import { timesAgainstOrder } from '../../../../services/ledger/verify/times.ts'

const startMs = Date.parse('2026-11-28T06:00:00.000Z')
/** Events at these seconds, with the leaves 10, 20, … */
const at = (...seconds: number[]) =>
  seconds.map((s, place) => ({ index: (place + 1) * 10, at: new Date(startMs + s * 1000).toISOString() }))
const found = (events: ReturnType<typeof at>) =>
  timesAgainstOrder(events).map(({ index, before, byMs }) => [index, before.index, byMs])

t.test('times may go back by five seconds, as events are committed out of order', async (t) => {
  t.same(found(at()), [])
  t.same(found(at(0, 3, 1, 60, 55, 58, 61)), [])
  t.same(found(at(0, 5.001, 0)), [[30, 20, 5001]])
})

t.test('an event written afterwards is named, with the latest before it', async (t) => {
  t.same(found(at(0, 10, 20, -86_400, 21)), [[40, 30, 86_420_000]])
  t.same(found(at(100, 0, 1, 101)), [
    [20, 10, 100_000],
    [30, 10, 99_000],
  ])
})

t.test('of an event that was dated ahead each later one is named until its time has come', async (t) => {
  t.same(found(at(0, 60, 1, 2, 61)), [
    [30, 20, 59_000],
    [40, 20, 58_000],
  ])
})

t.test('what counts is the leaf, not the order in which events are given', async (t) => {
  t.same(found(at(0, 100, 1).toReversed()), [[30, 20, 99_000]])
})
