import { sql } from 'kysely'
import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { waitUntilCovered } from '../../../services/ledger/log/covered.ts'
import { populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld } from '../../support/world.ts'

t.test('where nothing was tampered with, nothing is found, bytes included', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  await populate(world)
  await world.until(async () => {
    const waiting = await world.db.selectFrom('event').where('leaf_index', 'is', null).select('id').execute()
    const checkpoint = await world.db.selectFrom('checkpoint').select('size').orderBy('size', 'desc').executeTakeFirst()
    const leaves = await world.db.selectFrom('leaf').select('index').execute()
    return waiting.length === 0 && checkpoint?.size === leaves.length
  })
  const deps = { db: world.db, stores: world.stores, verifierKey: log.verifierKeys }
  t.same(await fsck({ ...deps, objects: true, vrfPublicKey: log.vrfPublicKey.toString('hex') }), [])
})

t.test('of too many findings of one kind the rest is counted, and a notice stays a notice', async (t) => {
  const report = openReport()
  for (let n = 0; n < 1002; n++) report.notice('stores.unknown_object', `primary ${n}`, 'no row names it')
  const findings = report.findings()
  t.equal(findings.length, 1001)
  t.match(findings.at(-1), { check: 'stores.unknown_object', severity: 'notice', problem: '2 more of this kind' })
})

t.test('an event that the log took in late is flagged, without being called a fault', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const write = () =>
    world.db.transaction().execute((trx) =>
      appendEvent(trx, {
        kind: 'test.happened',
        at: world.clock.now(),
        actor: 'test',
        actorRole: 'service',
        subjects: [{ type: 'person', id: 'a' }],
        details: {},
      }),
    )
  const ids = [await write(), await write()]
  for (const id of ids) await waitUntilCovered(world.db, id, { timeoutMs: 120_000 })
  // As if the sequencer had been away for an hour.
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await sql`update checkpoint set at = at + interval '1 hour' where size > 0`.execute(db)
  })
  const findings = await fsck({ db: world.db, stores: null, verifierKey: log.verifierKeys })
  t.same(
    findings.map(({ check, severity, subject }) => ({ check, severity, subject })),
    ids.map((id) => ({ check: 'tree.event_late', severity: 'notice', subject: `event ${id}` })),
  )
})
