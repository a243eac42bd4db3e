import t from 'tap'
import { namedBeginning, namedEnd } from '../../../services/custody/settings/named-time.ts'

t.test('a day is the bureau’s day: as a beginning from its midnight, as an end to its last millisecond', async (t) => {
  t.equal(namedBeginning('2026-12-20')?.toISOString(), '2026-12-19T16:00:00.000Z')
  t.equal(namedEnd('2026-12-20')?.toISOString(), '2026-12-20T15:59:59.999Z')
  for (const named of [namedBeginning, namedEnd]) {
    t.equal(named('2026-12-20T08:00:00+08:00')?.toISOString(), '2026-12-20T00:00:00.000Z')
    for (const wrong of ['', 'soon', '2026-02-30', '2026-13-01']) t.equal(named(wrong), null, wrong)
  }
})
