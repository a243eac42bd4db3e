import { writeFile } from 'node:fs/promises'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { newId } from '../../../services/foundation/id.ts'
import { parseLeafData } from '../../../services/ledger/format/entry.ts'
import { linkTag } from '../../../services/ledger/format/links.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { rootOf } from '../../../services/ledger/format/merkle.ts'
import { splitNote } from '../../../services/ledger/format/note.ts'
import { openCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { vrfProve } from '../../../services/ledger/format/vrf.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { waitUntilCovered } from '../../../services/ledger/log/covered.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { publish } from '../../../services/ledger/log/sequence/publish.ts'
import { sign } from '../../../services/ledger/log/sequence/sign.ts'
import { stage } from '../../../services/ledger/log/sequence/stage.ts'
import { openSecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import { loadTreeState } from '../../../services/ledger/log/sequence/tree-state.ts'
import { runSequencer, sequenceOnce } from '../../../services/ledger/log/sequencer.ts'
import { verifyTree } from '../../../services/ledger/verify/tree.ts'
import { putBackTo } from '../../support/restored-database.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import { readStoredLog } from '../../support/stored-log.ts'
import { openWorld, type World } from '../../support/world.ts'

t.test('a committed event gets an index and is covered by a signed checkpoint', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  const eventId = await appendOne(world, 'recording:a')
  const covered = await waitUntilCovered(world.db, eventId, { timeoutMs: 120_000 })
  t.equal(covered.index, 0)
  await stop()
  await checkLog(t, world, log, 1)
})

t.test('a crash between any two steps leaves a log that the next start completes', async (t) => {
  for (const lastStep of ['none', 'stage', 'head', 'sign'] as const) {
    await t.test(`after ${lastStep}`, async (t) => {
      const world = await openWorld(t)
      const log = await makeTestLog(t)
      const deps = depsOf(world, log)
      const secrets = openSecretSource(log.vrfSecretKey)
      for (let i = 0; i < 300; i++) await appendOne(world, `recording:${i % 3}`)
      let state = await loadTreeState(world.db, deps.head)
      state = await sequenceAll(deps, secrets, state)
      for (let i = 0; i < 5; i++) await appendOne(world, 'recording:b')
      await runStepsUntil(lastStep, deps, secrets, state)

      const restarted = await loadTreeState(world.db, deps.head)
      await sequenceAll(deps, openSecretSource(log.vrfSecretKey), restarted)
      await checkLog(t, world, log, 305)
    })
  }
})

t.test('publishing twice changes nothing', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  const before = await loadTreeState(world.db, deps.head)
  await appendOne(world, 'recording:a')
  const after = await sequenceOnce(deps, openSecretSource(log.vrfSecretKey), before)
  const row = await world.db.selectFrom('checkpoint').selectAll().executeTakeFirstOrThrow()
  const leafHashes = (await world.db.selectFrom('leaf').select('hash').execute()).map(({ hash }) => hash)
  await publish(world.db, { ...row, oldSize: 0, leafHashes, size: after.publishedSize })
  await checkLog(t, world, log, 1)
})

t.test('two signatures over one tree: another ML-DSA-44 line, the same Ed25519 line, one checkpoint', async (t) => {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  const secrets = openSecretSource(log.vrfSecretKey)
  await appendOne(world, 'recording:a')
  await stage(deps.db, { treeSize: 0, eventsMax: 100, secrets, log: deps.log })
  const staged = await loadTreeState(deps.db, deps.head)
  const tree = { size: staged.frontier.size, root: rootOf(staged.frontier) }
  const first = await sign(deps, tree)
  world.clock.advance(3_600_000)
  const second = await sign(deps, tree)
  const [one, other] = [splitNote(first), splitNote(second)]
  t.equal(one.text, other.text)
  t.same(one.signatures[0], other.signatures[0], 'Ed25519 first')
  t.notSame(one.signatures[1], other.signatures[1])
  const keys = parseLogKeys(log.verifierKeys)
  for (const note of [first, second]) t.equal(openCheckpoint(note, keys).size, 1)
  // The second process publishes; what the first one signed is lost with it, or comes late.
  for (const note of [second, first]) {
    const leafHashes = staged.unpublished
    await publish(deps.db, { oldSize: 0, leafHashes, ...tree, note, at: world.clock.now() })
  }
  t.same(await world.db.selectFrom('checkpoint').select('note').execute(), [{ note: second }])
  await checkLog(t, world, log, 1)
  await t.rejects(sign(deps, { size: 1, root: Buffer.alloc(32) }), { code: 'log_forked' }, 'another tree never')
})

t.test('an event that commits late is not skipped', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  const early = newId()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const late = world.db.transaction().execute(async (trx) => {
    const id = await appendEvent(trx, eventOf('recording:late', early))
    await held
    return id
  })
  const first = await appendOne(world, 'recording:first')
  await waitUntilCovered(world.db, first, { timeoutMs: 120_000 })
  release()
  const covered = await waitUntilCovered(world.db, await late, { timeoutMs: 120_000 })
  t.equal(covered.index, 1)
  await stop()
  await checkLog(t, world, log, 2)
})

t.test('two sequencers at once never give two histories', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const stops = [startSequencer(world, log), startSequencer(world, log)]
  const ids = await Promise.all(Array.from({ length: 40 }, (_, i) => appendOne(world, `recording:${i % 4}`)))
  for (const id of ids) await waitUntilCovered(world.db, id, { timeoutMs: 120_000 })
  for (const stop of stops) await stop()
  await checkLog(t, world, log, 40)
})

t.test('a database put back to an earlier state is refused: the head remembers what was signed', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  const secrets = openSecretSource(log.vrfSecretKey)
  await appendOne(world, 'recording:a')
  const state = await sequenceOnce(deps, secrets, await loadTreeState(world.db, deps.head))
  await appendOne(world, 'recording:b')
  await sequenceOnce(deps, secrets, state)
  await putBackTo(world, 1)
  await t.rejects(runSequencer(deps, AbortSignal.timeout(5_000)), { code: 'log_forked' })
})

t.test('a secret that was put into the database is not used: the tags are those of the log’s key', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  const secret = Buffer.alloc(64, 1)
  await world.db
    .insertInto('subject_secret')
    .values({ subject: 'recording:a', secret, proof: Buffer.alloc(80) })
    .execute()
  await appendOne(world, 'recording:a')
  await sequenceOnce(deps, openSecretSource(log.vrfSecretKey), await loadTreeState(world.db, deps.head))
  const leaf = await world.db.selectFrom('leaf').select('data').executeTakeFirstOrThrow()
  const { output } = vrfProve(log.vrfSecretKey, Buffer.from('recording:a'))
  const { links } = parseLeafData(leaf.data)
  t.ok(links.includes(linkTag(output, 1).toString('hex')))
  t.notOk(links.includes(linkTag(secret, 1).toString('hex')))
})

t.test('a head that is empty, cut or of another log stops the sequencer, and says so', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const other = JSON.stringify({ origin: 'other', size: 1, root: '00'.repeat(32) })
  for (const text of ['', '{"origin":"led', 'null', '[]', other]) {
    await writeFile(log.headPath, text)
    await t.rejects(runSequencer(depsOf(world, log), AbortSignal.timeout(5_000)), { code: 'bad_config' }, text)
  }
})

t.test('a link row with a number far ahead cannot move an event to where no reader looks', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  const secrets = openSecretSource(log.vrfSecretKey)
  await appendOne(world, 'recording:a')
  const state = await sequenceOnce(deps, secrets, await loadTreeState(world.db, deps.head))
  await world.asSuperuser((db) =>
    sql`insert into link select subject, 1000000, event_id, leaf_index from link`.execute(db),
  )
  await appendOne(world, 'recording:a')
  const fresh = openSecretSource(log.vrfSecretKey)
  await t.rejects(sequenceOnce(deps, fresh, state), { code: 'log_forked' }, 'a sequencer that starts refuses it')
  await sequenceOnce(deps, secrets, state)
  const numbers = await world.db.selectFrom('link').select('n').where('leaf_index', '=', 1).execute()
  t.same(numbers, [{ n: 2 }], 'one that gave the numbers goes on with its own')
})

t.test('a database without fsync is refused', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  await world.db.connection().execute(async (connection) => {
    await sql`set synchronous_commit = off`.execute(connection)
    await t.rejects(runSequencer({ ...depsOf(world, log), db: connection }, AbortSignal.timeout(5_000)), {
      code: 'bad_config',
      message: /synchronous_commit/,
    })
  })
})

function depsOf(world: World, log: TestLog) {
  const head = openHeadFile(log.headPath, log.origin)
  return { ...log, db: world.db, notices: world.notices, head, clock: world.clock, log: world.log }
}

function eventOf(subject: string, actor = 'test') {
  const [type, id] = subject.split(':') as [string, string]
  return { kind: 'test.happened', at: new Date(), actor, actorRole: 'service', subjects: [{ type, id }], details: {} }
}

function appendOne(world: World, subject: string): Promise<string> {
  return world.db.transaction().execute((trx) => appendEvent(trx, eventOf(subject)))
}

/** As many rounds as it takes: one ends early where a new subject's proof is not made yet. */
async function sequenceAll(...[deps, secrets, first]: Parameters<typeof sequenceOnce>) {
  let state = first
  for (;;) {
    const next = await sequenceOnce(deps, secrets, state)
    if (next === state) return state
    state = next
  }
}

async function runStepsUntil(
  lastStep: 'none' | 'stage' | 'head' | 'sign',
  deps: ReturnType<typeof depsOf>,
  secrets: ReturnType<typeof openSecretSource>,
  state: Awaited<ReturnType<typeof loadTreeState>>,
): Promise<void> {
  if (lastStep === 'none') return
  await stage(deps.db, { treeSize: state.frontier.size, eventsMax: 100, secrets, log: deps.log })
  if (lastStep === 'stage') return
  const staged = await loadTreeState(deps.db, deps.head)
  const tree = { size: staged.frontier.size, root: rootOf(staged.frontier) }
  if (lastStep === 'head') await deps.head.advance(tree)
  else await sign(deps, tree)
}

/** The whole log from outside: every leaf, every tile, the newest checkpoint's signature, every event in it once. */
async function checkLog(t: Test, world: World, log: TestLog, size: number): Promise<void> {
  const stored = await readStoredLog(world.db)
  const checkpoint = openCheckpoint(stored.note, parseLogKeys(log.verifierKeys))
  t.equal(checkpoint.size, size)
  t.same(await verifyTree({ size: checkpoint.size, root: checkpoint.root, readTile: stored.readTile }), [])
  const { without } = await world.db
    .selectFrom('event')
    .select((e) => e.fn.count<number>('id').as('without'))
    .where('leaf_index', 'is', null)
    .executeTakeFirstOrThrow()
  t.equal(without, 0)
}
