import t from 'tap'
import { type CountedHandIn, finishedDays, trafficOf } from '../../../services/custody/hand-ins/hand-in-counts.ts'

t.test('whoever keeps docks running is told of whole days that are over', async (t) => {
  const now = new Date('2026-11-20T17:30:00+08:00')
  const span = (named: { from?: string; to?: string }) =>
    Object.values(finishedDays(named, now)).map((time) => time.toISOString())
  t.same(span({}), ['2026-11-18T16:00:00.000Z', '2026-11-19T15:59:59.999Z'], 'yesterday in Asia/Shanghai')
  t.same(span({ from: '2026-11-17', to: '2026-11-18' }), ['2026-11-16T16:00:00.000Z', '2026-11-18T15:59:59.999Z'])
  for (const named of [
    { from: '2026-11-19T10:00:00+08:00' },
    { to: '2026-11-19T10:01:00+08:00' },
    { to: '2026-11-20' },
    { to: '2027-01-01' },
    { to: '2026-02-30' },
  ]) {
    t.throws(() => finishedDays(named, now), { code: 'bad_request' }, JSON.stringify(named))
  }
})

const dock = { id: 'dock-1', name: '一楼' }
const came = { total: 9, bytes: 900, expected: 1, receiving: 1, complete: 1 }
const handIn = (day: number, isSelfTest = false): CountedHandIn => ({
  ...{ dock, openedAt: new Date(`2026-11-${day}T10:00:00+08:00`), isSelfTest },
  files: { ...came, marked: 2, sealed: 3, quarantined: 2, duplicate: 1, receipts: 2 },
})

t.test('and not whether anything is the matter with what came', async (t) => {
  const files = { total: 18, bytes: 1800, expected: 2, receiving: 2, complete: 2 }
  const [traffic] = trafficOf([handIn(19), handIn(19), handIn(19, true)])
  t.same(traffic, { dock, handIns: 2, incomplete: 2, files, selfTests: { total: 1, incomplete: 1 }, withheld: null })
})

t.test('nor of a day with a single hand-in, whatever span it is counted with', async (t) => {
  const { handIns, files, selfTests, withheld } = trafficOf([handIn(18), handIn(18, true)])[0]!
  t.match({ handIns, files, selfTests }, { handIns: 0, files: { total: 0, bytes: 0 }, selfTests: { total: 1 } })
  t.match(withheld, { days: 1, words: { zh: /只有一次交存/ } })
  const together = trafficOf([handIn(18), handIn(19), handIn(19)])[0]!
  const alone = trafficOf([handIn(19), handIn(19)])[0]!
  t.same(together.files, alone.files, 'the difference of two spans says nothing')
  t.equal(together.withheld?.days, 1)
})
