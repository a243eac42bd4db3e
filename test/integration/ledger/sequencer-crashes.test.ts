import { setImmediate as nextTurn } from 'node:timers/promises'
import { type KyselyPlugin, sql } from 'kysely'
import t, { type Test } from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkTree } from '../../../services/custody/fsck/tree.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { newId } from '../../../services/foundation/id.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { openCheckpoint } from '../../../services/ledger/format/signed-checkpoint.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { type HeadFile, openHeadFile } from '../../../services/ledger/log/head.ts'
import { openSecretSource } from '../../../services/ledger/log/sequence/subject-secrets.ts'
import { loadTreeState } from '../../../services/ledger/log/sequence/tree-state.ts'
import { runSequencer, type SequencerDeps, sequenceOnce } from '../../../services/ledger/log/sequencer.ts'
import { verifyTree } from '../../../services/ledger/verify/tree.ts'
import { putBackTo } from '../../support/restored-database.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import { readStoredLog } from '../../support/stored-log.ts'
import { openWorld, type World } from '../../support/world.ts'

type Effect = 'lost' | 'kept'
/** The sequencer has two transactions a round: it stages, then it publishes. Between them it moves the head and signs. */
const steps = ['stage', 'head', 'sign', 'publish'] as const

/** The step fails once: before it did anything, or after it did all and before anybody heard of it. */
function failingOnce(deps: SequencerDeps, step: (typeof steps)[number], effect: Effect): SequencerDeps {
  let isDue = true
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isDue) return work()
    isDue = false
    if (effect === 'kept') await work()
    throw new Error(`${step}: ${effect}`)
  }
  if (step === 'head') {
    const head: HeadFile = { read: deps.head.read, advance: (next) => once(() => deps.head.advance(next)) }
    return { ...deps, head }
  }
  if (step === 'sign') {
    // Between head and note stands only the clock that the ML-DSA-44 signature states the time of.
    let readings = 0
    const now = () => {
      readings += 1
      if (isDue && readings === 1 && effect === 'lost') {
        isDue = false
        throw new Error('sign: lost')
      }
      // The second reading is that of the published row: the note is signed by then.
      if (isDue && readings === 2) {
        isDue = false
        throw new Error('sign: kept')
      }
      return deps.clock.now()
    }
    return { ...deps, clock: { now } }
  }
  return { ...deps, db: failingTransaction(deps.db, step === 'stage' ? 1 : 2, once) }
}

/** A database whose `nth` transaction is handed to `once`. */
function failingTransaction(db: Db, nth: number, once: <T>(work: () => Promise<T>) => Promise<T>): Db {
  let count = 0
  return new Proxy(db, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (name !== 'transaction') return typeof value === 'function' ? value.bind(target) : value
      return () => ({
        execute: (work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) => {
          count += 1
          const run = () => target.transaction().execute(work)
          return count === nth ? once(run) : run()
        },
      })
    },
  })
}

function depsOf(world: World, log: TestLog): SequencerDeps {
  const head = openHeadFile(log.headPath, log.origin)
  return { ...log, db: world.db, notices: world.notices, head, clock: world.clock, log: world.log }
}

async function append(world: World, count: number, at = new Date()): Promise<void> {
  await world.db.transaction().execute(async (trx) => {
    for (let n = 0; n < count; n += 1) {
      const subjects = [{ type: 'test', id: String(n % 3) }]
      // Here and there a new one, whose secret is still being proven when the steps fail.
      if (n % 20 === 2) subjects.push({ type: 'new', id: newId() })
      await appendEvent(trx, { kind: 'test.happened', at, actor: 't', actorRole: 'service', subjects, details: {} })
    }
  })
}

/** Every leaf, tile and signature from outside; every event once. */
async function requireSound(t: Test, world: World, log: TestLog, size: number): Promise<void> {
  const stored = await readStoredLog(world.db)
  const keys = parseLogKeys(log.verifierKeys)
  const checkpoint = openCheckpoint(stored.note, keys)
  t.equal(checkpoint.size, size)
  t.same(await verifyTree({ size, root: checkpoint.root, readTile: stored.readTile }), [])
  const report = openReport()
  await checkTree(world.db, { log: keys, vrfPublicKey: log.vrfPublicKey }, report)
  // A busy machine may well take more than five seconds for an event, which is a notice.
  t.same(
    report.findings().filter(({ check }) => check !== 'tree.event_late'),
    [],
  )
}

const published = async (world: World, size: number) =>
  (await world.db.selectFrom('checkpoint').select('size').where('size', '=', size).executeTakeFirst()) !== undefined

t.test(
  'a crash between any two steps, its effect lost or kept: no event is lost, twice, or under another root',
  async (t) => {
    for (const step of steps) {
      for (const effect of ['lost', 'kept'] as const) {
        await t.test(`${step}, ${effect}`, async (t) => {
          const world = await openWorld(t)
          const log = await makeTestLog(t)
          const stop = startSequencer(world, log)
          await append(world, 5)
          await world.until(() => published(world, 5))
          await stop()
          await append(world, 7)
          // The process goes on after the error by itself…
          const stopper = new AbortController()
          const running = runSequencer(failingOnce(depsOf(world, log), step, effect), stopper.signal)
          await world.until(() => published(world, 12))
          stopper.abort()
          await running
          await requireSound(t, world, log, 12)
          // …and another one takes over from where it died.
          await append(world, 300)
          const dying = new AbortController()
          const deps = failingOnce(depsOf(world, log), step, effect)
          const died = runSequencer(
            { ...deps, log: { ...world.log, warn: () => dying.abort() } as World['log'] },
            dying.signal,
          )
          await died
          const stopNext = startSequencer(world, log)
          await world.until(() => published(world, 312))
          await stopNext()
          await requireSound(t, world, log, 312)
        })
      }
    }
  },
)

/** A database whose second look for events without a leaf fails, as on a connection that was dropped. */
function failingSecondLook(db: Db, onFailure: () => void): Db {
  let looks = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      const isLook = node.kind === 'SelectQueryNode' && JSON.stringify(node.from).includes('"event"')
      if (!isLook) return node
      looks += 1
      if (looks !== 2) return node
      onFailure()
      throw new Error('Connection terminated unexpectedly')
    },
    transformResult: async ({ result }) => result,
  }
  return db.withPlugin(plugin)
}

t.test('a look ahead that fails while the head is being written fails the round, not the process', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const deps = depsOf(world, log)
  await append(world, 1)
  const failed = Promise.withResolvers<void>()
  const head: HeadFile = {
    read: deps.head.read,
    async advance(next) {
      await failed.promise
      // By the next turn of the event loop Node has reported every rejection that nobody handles.
      await nextTurn()
      await deps.head.advance(next)
    },
  }
  const state = await loadTreeState(deps.db, deps.head)
  const round = sequenceOnce(
    { ...deps, head, db: failingSecondLook(deps.db, failed.resolve) },
    openSecretSource(log.vrfSecretKey),
    state,
  )
  await t.rejects(round, /Connection terminated unexpectedly/)
  t.ok(await published(world, 1), 'what was staged has been signed and published all the same')
  await requireSound(t, world, log, 1)
})

t.test('newest rows that are deleted under a running sequencer stop it', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  const running = runSequencer(depsOf(world, log), AbortSignal.timeout(60_000))
  const refused = t.rejects(running, { code: 'log_forked', message: /signed a tree of 6 events.*restored database/ })
  await append(world, 3)
  await world.until(() => published(world, 3))
  await append(world, 3)
  await world.until(() => published(world, 6))
  await putBackTo(world, 3)
  await append(world, 1)
  await refused
  t.notOk(await published(world, 4), 'nothing was signed on what was left')
})

t.test('an event that was dated back, or ahead, is named by fsck; five seconds are not', async (t) => {
  const world = await openWorld(t, { movesClock: true })
  const log = await makeTestLog(t)
  const stop = startSequencer(world, log)
  const nowMs = Date.now()
  for (const offsetMs of [0, -2_000, -60_000, 60_000]) await append(world, 1, new Date(nowMs + offsetMs))
  await world.until(() => published(world, 4))
  await stop()
  // As on a machine that is not busy.
  const at = new Date(nowMs + 2_000)
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await db.updateTable('checkpoint').set({ at }).execute()
  })
  const report = openReport()
  await checkTree(world.db, { log: parseLogKeys(log.verifierKeys), vrfPublicKey: log.vrfPublicKey }, report)
  const found = report.findings()
  t.same(
    found.map(({ check, severity }) => [check, severity]),
    [
      ['tree.time_against_order', 'error'],
      ['tree.event_late', 'notice'],
      ['tree.event_late', 'notice'],
    ],
  )
  t.match(found[0]!.problem, /its time lies 60 s before that of event/)
  t.match(found[1]!.problem, /its own time lies (5\d|6\d)(\.\d+)? s before/)
  t.match(found[2]!.problem, /its own time lies (5\d|6\d)(\.\d+)? s after/)
})
