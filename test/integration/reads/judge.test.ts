import { randomUUID } from 'node:crypto'
import t from 'tap'
import { judgeReads } from '../../../services/custody/reads/judge.ts'
import { keepReads } from '../../../services/custody/reads/keep-reads.ts'
import { checkSilence } from '../../../services/custody/reads/silence.ts'
import type { StoreRead } from '../../../services/custody/reads/store-report.ts'
import type { StoreName } from '../../../services/foundation/store/store.ts'
import { populate } from '../../support/populate.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { openWorld, type World } from '../../support/world.ts'

const graceMs = 5 * 60_000

async function openJudged(t: Parameters<typeof makeTestLog>[0] & Parameters<typeof openWorld>[0]) {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const people = await populate(world)
  // As the process does it: with the workers' role.
  const deps = { db: world.dbFor('worker'), clock: world.clock, graceMs }
  const judge = async () => {
    world.clock.advance(graceMs + 1000)
    const outcome = await judgeReads(deps)
    world.clock.advance(-graceMs - 1000)
    return outcome
  }
  const report = (store: StoreName, ...reads: Partial<StoreRead>[]) =>
    keepReads(
      deps.db,
      store,
      reads.map((changes) => readOf(world, changes)),
    )
  return { world, people, deps, judge, report }
}

function readOf(world: World, changes: Partial<StoreRead>): StoreRead {
  const at = world.clock.now()
  const common = {
    api: 'GetObject',
    startedAt: at,
    at,
    credential: 'worker',
    bucket: 'originals',
    versionId: null,
  } as const
  return { requestId: randomUUID(), objectKey: 'nothing', bytes: 1, ...common, ...changes }
}

async function alarmsOf(world: World) {
  const rows = await world.db
    .selectFrom('event')
    .where('kind', '=', 'alarm.raised')
    .select('body')
    .orderBy('id')
    .execute()
  return rows.map(
    ({ body }) => JSON.parse(body) as { subjects: { type: string; id: string }[]; details: Record<string, unknown> },
  )
}

t.test('an act explains no more than it needed, and nothing before its grace time', async (t) => {
  const { world, people, deps, judge, report } = await openJudged(t)
  const [recordingId] = people.recordingIds
  const copy = await world.db
    .selectFrom('copy')
    .where('recording_id', '=', recordingId!)
    .where('store', '=', 'primary')
    .selectAll()
    .executeTakeFirstOrThrow()
  const { bytes } = await world.db
    .selectFrom('recording')
    .where('id', '=', recordingId!)
    .select('bytes')
    .executeTakeFirstOrThrow()
  const original = { objectKey: copy.object_key, versionId: copy.version_id, bytes }

  await t.test('the jobs have room for as often as they may read', async (t) => {
    // checksum reads twice a run, copy three times; one run and two killed ones: (2 + 3) · 3.
    t.equal(await report('primary', ...Array.from({ length: 15 }, () => original)), 15)
    t.same(await judgeReads(deps), { explained: 0, unexplained: 0, alarms: 0 }, 'not yet')
    t.same(await judge(), { explained: 15, unexplained: 0, alarms: 0 })
    await report('primary', original)
    t.same(await judge(), { explained: 0, unexplained: 1, alarms: 1 })
    const [alarm] = await alarmsOf(world)
    t.match(alarm!.details, { alarm: 'unexplained_read', credential: 'worker', store: 'primary', bytes, recordingId })
    t.match(String(alarm!.details.why), /more bytes/)
    t.same(alarm!.subjects[0], { type: 'recording', id: recordingId }, 'so that the chain of its case shows it')
  })

  await t.test('a file that was served once explains one read of it', async (t) => {
    const [served] = await world.db
      .selectFrom('viewing_served')
      .innerJoin('viewing', 'viewing.id', 'viewing_served.viewing_id')
      .innerJoin('rendition_file', (join) =>
        join
          .onRef('rendition_file.rendition_id', '=', 'viewing.rendition_id')
          .onRef('rendition_file.kind', '=', 'viewing_served.kind')
          .onRef('rendition_file.number', '=', 'viewing_served.number'),
      )
      .select(['rendition_file.object_key', 'rendition_file.version_id', 'rendition_file.bytes'])
      .execute()
    const file = {
      bucket: 'derived',
      credential: 'access',
      objectKey: served!.object_key,
      versionId: served!.version_id,
    } as const
    await report('primary', { ...file, bytes: served!.bytes }, { ...file, bytes: served!.bytes })
    t.match(await judge(), { explained: 1, unexplained: 1 })
  })

  await t.test('whose work it is not, has no act', async (t) => {
    const credentials = [
      'root',
      'unknown',
      'anonymous',
      'disposal',
      'access',
      'auditor',
      'package',
      'canary',
      'archive',
    ]
    await report('backup-a', ...credentials.map((credential) => ({ ...original, credential })))
    t.match(await judge(), { explained: 0, unexplained: credentials.length, alarms: credentials.length })
    await report(
      'primary',
      { ...original, api: 'CopyObject' },
      { ...original, credential: 'worker', objectKey: 'ledger/x' },
    )
    t.match(await judge(), { explained: 0, unexplained: 2 })
    await report('primary', { credential: 'archive', objectKey: 'ledger/tile/0/000' })
    t.match(await judge(), { explained: 1 }, 'what holds no footage is its own')
  })

  await t.test('the same report again changes nothing', async (t) => {
    const read = readOf(world, { ...original, credential: 'root', requestId: 'same' })
    t.equal(await keepReads(deps.db, 'backup-b', [read]), 1)
    t.equal(await keepReads(deps.db, 'backup-b', [read, { ...read, bytes: 7 }].slice(0, 1)), 0)
    t.equal(await keepReads(deps.db, 'primary', [read]), 1, 'another store has ids of its own')
  })
})

t.test('a reader cannot flood the ledger', async (t) => {
  const { world, judge, report } = await openJudged(t)
  const at = new Date(Math.floor(world.clock.now().getTime() / 3_600_000) * 3_600_000 - 1)
  const theft = (key: number) => ({ credential: 'root', objectKey: `stolen/${key}`, at, startedAt: at })
  await report('primary', ...Array.from({ length: 120 }, (_, key) => theft(key)))
  await report('primary', ...Array.from({ length: 70 }, () => theft(0)))
  t.match(await judge(), { unexplained: 190, alarms: 51 })
  const alarms = await alarmsOf(world)
  t.equal(alarms.length, 51)
  t.equal(alarms.filter(({ details }) => details.alarm === 'unexplained_reads_many').length, 1)
  const rows = await world.db.selectFrom('store_read').where('alarm_id', 'is', null).select('request_id').execute()
  t.same(rows, [], 'each read belongs to an alarm')
})

t.test('a store that does not report what we read is an alarm once, until it reports again', async (t) => {
  const { world, deps, report } = await openJudged(t)
  t.same(await checkSilence(deps), [], 'what was before the reports began is not held against them')
  const copies = await world.db.selectFrom('copy').selectAll().execute()
  const verified = async () => {
    world.clock.advance(1000)
    await world.db.updateTable('copy').set({ verified_at: world.clock.now() }).execute()
    world.clock.advance(graceMs + 1000)
  }
  const told = (store: StoreName) =>
    report(
      store,
      ...copies
        .filter((copy) => copy.store === store)
        .map((copy) => ({ objectKey: copy.object_key, at: new Date(world.clock.now().getTime() - graceMs) })),
    )
  await verified()
  await told('primary')
  await told('backup-a')
  t.same(await checkSilence(deps), ['backup-b'])
  t.match(await alarmsOf(world), [{ details: { alarm: 'audit_silent', store: 'backup-b', known: 3, missing: 3 } }])
  await verified()
  for (const store of ['primary', 'backup-a'] as const) await told(store)
  t.same(await checkSilence(deps), ['backup-b'])
  t.equal((await alarmsOf(world)).length, 1, 'it is told once')
  await verified()
  for (const store of ['primary', 'backup-a', 'backup-b'] as const) await told(store)
  t.same(await checkSilence(deps), [])
  // What was told in the twelve hours before a copy's proof may be its read.
  world.clock.advance(13 * 60 * 60_000)
  await verified()
  t.same(await checkSilence(deps), ['primary', 'backup-a', 'backup-b'])
  t.equal((await alarmsOf(world)).length, 4, 'and again when it happens again')
})
