import t from 'tap'
import { accessReadiness } from '../../../services/access/readiness.ts'
import { clockOffset } from '../../../services/foundation/db/event-time.ts'
import { openIngestWorld } from '../../support/ingest.ts'

t.test('a host whose clock is two seconds off that of the database is not ready, and says by how much', async (t) => {
  const world = await openIngestWorld(t, {}, { movesClock: true, sequencer: false })
  const ready = async () => (await world.call('GET', '/readyz')).json()
  t.match(await ready(), { ready: true })
  world.clock.advance(60_000)
  t.match(await ready(), { ready: false, missing: { clock: /is \d+\.\d s ahead of that of the database/ } })
  t.match(await accessReadiness(world.db, world.clock, world.stores.primary), { clock: /ahead of/ })
  world.clock.advance(-120_000)
  t.match(await ready(), { ready: false, missing: { clock: /is \d+\.\d s behind that of the database/ } })
  world.clock.advance(60_000)
  t.match(await ready(), { ready: true })
})

t.test('a slow answer is not taken for a wrong clock', async (t) => {
  t.same(clockOffset({ askedMs: 1_000_000, tripMs: 10_000, answerMs: 1_009_900 }), { offMs: -4_900, certainMs: 0 })
  t.same(clockOffset({ askedMs: 1_000_000, tripMs: 10_000, answerMs: 1_005_000 }), { offMs: 0, certainMs: 0 })
  t.same(clockOffset({ askedMs: 1_000_000, tripMs: 10, answerMs: 1_003_000 }), { offMs: -2_995, certainMs: 2_990 })
  t.same(clockOffset({ askedMs: 1_003_000, tripMs: 10, answerMs: 1_000_000 }), { offMs: 3_005, certainMs: 3_000 })
})
