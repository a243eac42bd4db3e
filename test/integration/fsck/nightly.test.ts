import t from 'tap'
import { isNightlyDue, nightlyFsck } from '../../../services/custody/fsck/nightly.ts'
import { waitUntilCovered } from '../../../services/ledger/log/covered.ts'
import { populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'

const dayMs = 24 * 60 * 60_000

t.test('the nightly check: due once a night, its errors are alarms once', async (t) => {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const { recordingIds } = await populate(world)
  // As the process does it: the workers' role in the database, the auditor's eyes on the stores.
  const [db, stores] = [world.dbFor('worker'), world.storesFor('auditor')]
  const now = world.clock.now()
  const soon = new Date(now.getTime() + 120_000)
  const plan = { hour: soon.getUTCHours(), minute: soon.getUTCMinutes(), timeZone: 'UTC', parts: 2 }
  const trust = { verifierKey: log.verifierKeys, vrfPublicKey: log.vrfPublicKey.toString('hex') }
  const check = () => nightlyFsck({ db, stores, clock: world.clock, plan, ...trust })

  t.notOk(await isNightlyDue(db, now, plan), 'a system younger than its first night has missed none')
  t.ok(await isNightlyDue(db, new Date(now.getTime() + dayMs), plan), 'a night that was missed is made up for')

  world.clock.advance(180_000)
  t.ok(await isNightlyDue(db, world.clock.now(), plan))
  const first = await check()
  t.same(
    first.findings.filter(({ severity }) => severity === 'error'),
    [],
  )
  t.notOk(await isNightlyDue(db, world.clock.now(), plan), 'not twice a night')
  t.ok(await isNightlyDue(db, new Date(world.clock.now().getTime() + dayMs), plan))
  const events = await fsckEvents(world)
  t.match(events[0], { kind: 'fsck.started', details: { runId: first.runId } })
  t.match(String(events[0]!.details.objects), /^[12]\/2$/)
  t.match(events[1], {
    kind: 'fsck.completed',
    details: { runId: first.runId, errors: 0, newErrors: 0, failure: null },
  })

  await world.asSuperuser((owner) =>
    owner.updateTable('recording').set({ mark: true }).where('id', '=', recordingIds[0]!).execute(),
  )
  await check()
  const alarms = await alarmsOf(world)
  t.match(alarms, [{ details: { alarm: 'fsck_error', check: 'rows.row_differs' } }])
  t.same(alarms[0]!.subjects, [{ type: 'recording', id: recordingIds[0] }])
  await check()
  t.equal((await alarmsOf(world)).length, 1, 'not again while nothing changed')
  t.match((await fsckEvents(world)).at(-1)!.details, { errors: 1, newErrors: 0, stillOpen: 1 })

  await world.asSuperuser((owner) =>
    owner.updateTable('recording').set({ mark: false }).where('id', '=', recordingIds[0]!).execute(),
  )
  await check()
  t.match((await fsckEvents(world)).at(-1)!.details, { errors: 0, stillOpen: 0, gone: 1 })
  const last = await world.db.selectFrom('event').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  await waitUntilCovered(world.db, last.id, { timeoutMs: 120_000 })
})

t.test('a check that cannot end says so, and is not taken for one that did', async (t) => {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  await populate(world)
  const plan = { hour: 0, minute: 0, timeZone: 'UTC', parts: 1 }
  world.clock.advance(dayMs)
  const trust = { verifierKey: log.verifierKeys, vrfPublicKey: null }
  const signal = AbortSignal.abort(new Error('shutting down'))
  const deps = { db: world.db, stores: world.stores, clock: world.clock, plan, ...trust }
  await t.rejects(nightlyFsck({ ...deps, signal }), { message: 'shutting down' })
  t.match((await fsckEvents(world)).at(-1), { kind: 'fsck.completed', details: { failure: 'Error' } })
  t.ok(await isNightlyDue(world.db, world.clock.now(), plan))
})

async function fsckEvents(world: World) {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', 'like', 'fsck.%')
    .select(['kind', 'body'])
    .orderBy('id')
    .execute()
  return rows.map(({ kind, body }) => ({
    kind,
    details: (JSON.parse(body) as { details: Record<string, unknown> }).details,
  }))
}

async function alarmsOf(world: World) {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', '=', 'alarm.raised')
    .select('body')
    .orderBy('id')
    .execute()
  return rows.map(({ body }) => JSON.parse(body) as { subjects: unknown[]; details: Record<string, unknown> })
}
