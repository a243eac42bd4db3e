import t from 'tap'
import { finishedDays, trafficOf } from '../../../services/custody/hand-ins/hand-in-counts.ts'

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

t.test('and not whether anything is the matter with what came', async (t) => {
  const dock = { id: 'dock-1', name: '一楼' }
  const came = { total: 9, bytes: 900, expected: 1, receiving: 1, complete: 1 }
  const files = { ...came, marked: 2, sealed: 3, quarantined: 2, duplicate: 1, receipts: 2 }
  const gaps = { open: 1, explained: 0, accepted: 0, overdue: 1 }
  t.same(trafficOf({ dock, handIns: 2, incomplete: 1, files, gaps }), { dock, handIns: 2, incomplete: 1, files: came })
})
