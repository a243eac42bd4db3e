import { rm, writeFile } from 'node:fs/promises'
import { sql } from 'kysely'
import t from 'tap'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { addCheckpointText } from '../../../services/ledger/format/witness-protocol.ts'
import { addCheckpointFrom } from '../../../services/ledger/witness/ask.ts'
import { witnessStates } from '../../../services/ledger/witness/state.ts'
import { type Litewitness, startLitewitness } from '../../support/litewitness.ts'
import { makeTestLog, startSequencer, type TestLog } from '../../support/sequencer.ts'
import type { Teardown } from '../../support/stack.ts'
import { litewitness, pathOrLeftOut, sshAgent } from '../../support/tools.ts'
import { appendOne, publishedSize, startWitnessLoops, witnessedSize } from '../../support/witness-loop.ts'
import { openWorld, type World } from '../../support/world.ts'

const fast = { unnoticedMs: 10, restMs: 10, firstRetryMs: 50, retryMsMax: 100 }
const checkpoints = 100

t.test('litewitness, a witness that others wrote', async (t) => {
  const program = pathOrLeftOut(t, 'litewitness', await litewitness())
  const agent = pathOrLeftOut(t, 'ssh-agent for litewitness', await sshAgent())
  if (!program || !agent) return
  const start = async (t: Teardown, log: TestLog) => {
    // It reads Ed25519 keys only; lines of keys it does not know it must ignore.
    const verifierKeys = [log.verifierKey]
    return startLitewitness(t, { litewitness: program, sshAgent: agent }, { origin: log.origin, verifierKeys })
  }

  await t.test('cosigns 100 checkpoints in a row; one flipped byte is rejected', async (t) => {
    const world = await openWorld(t)
    const log = await makeTestLog(t)
    t.teardown(startSequencer(world, log))
    const witness = await start(t, log)
    startWitnessLoops(t, world, log, policyOf(witness), { pace: fast })
    for (let size = 1; size <= checkpoints; size += 1) {
      await appendOne(world, `recording:${size % 7}`)
      await world.until(async () => (await witnessedSize(world)) === size)
    }
    const stored = await world.db.selectFrom('cosignature').select('size').orderBy('size').execute()
    t.same(
      stored.map(({ size }) => size),
      Array.from({ length: checkpoints }, (_, at) => at + 1),
    )
    await rejectsFlippedBytes(t, world, witness)
  })

  await t.test('refuses after the database was put back to an earlier state and the head taken away', async (t) => {
    const world = await openWorld(t)
    const log = await makeTestLog(t)
    const witness = await start(t, log)
    const stop = startSequencer(world, log)
    const loops = startWitnessLoops(t, world, log, policyOf(witness), { pace: fast })
    for (let size = 1; size <= 6; size += 1) {
      await appendOne(world)
      await world.until(async () => (await witnessedSize(world)) === size)
    }
    await stop()
    await loops.stop()

    const root = await putBack(world, 4)
    await rm(log.headPath)
    await t.rejects(startSequencer(world, log)(), { code: 'log_forked', message: /head is gone/ }, 'our side stops')

    // What the runbook forbids: a head made from what the database says, so that another history is signed.
    await writeFile(log.headPath, JSON.stringify({ origin: log.origin, size: 4, root: root.toString('hex') }))
    const stopAgain = startSequencer(world, log)
    t.teardown(stopAgain)
    const policy = policyOf(witness)
    startWitnessLoops(t, world, log, policy, { pace: fast })
    await refused(world, policy, /cosigned a tree of 6 events, but this database holds [45]/)
    // The alarm's own event makes the log grow beyond what the witness knows.
    await appendOne(world)
    await appendOne(world)
    await world.until(async () => (await publishedSize(world)) > 6)
    await refused(world, policy, /does not continue the one it cosigned \(422/)
    const rows = await world.db.selectFrom('cosignature').select('size').where('size', '>', 4).execute()
    t.same(rows, [], 'nothing of the other history is cosigned')
    const alarms = await world.db.selectFrom('event').where('kind', '=', 'alarm.raised').select('body').execute()
    t.equal(alarms.filter(({ body }) => body.includes('witness_disagrees')).length, 1)
  })
})

function policyOf(witness: Litewitness): string {
  return `witness others ${witness.verifierKey} ${witness.url}\nquorum others\n`
}

async function refused(world: World, policy: string, reason: RegExp): Promise<void> {
  await world.until(async () => {
    const [state] = await witnessStates(world.db, parsePolicy(policy))
    return state?.alarm !== null && reason.test(state?.lastError ?? '')
  })
}

/** The next honest request with one byte changed, at many places; the honest one is taken after all of them. */
async function rejectsFlippedBytes(
  t: { not(a: unknown, b: unknown, name: string): unknown; equal(a: unknown, b: unknown, name: string): unknown },
  world: World,
  witness: Litewitness,
): Promise<void> {
  const newest = await world.db
    .selectFrom('checkpoint')
    .select(['size', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const good = Buffer.from(addCheckpointText(await addCheckpointFrom(world.db, newest.size, newest)))
  const post = async (body: Buffer) => {
    const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body })
    await answer.arrayBuffer()
    return answer.status
  }
  // The log's ML-DSA-44 line is one of a key that it does not know: it has to ignore it, and so our flips in it.
  const end = good.indexOf('\n', good.indexOf('\u2014'))
  for (let at = 0; at < end; at += 2) {
    const flipped = Buffer.from(good)
    flipped[at]! ^= 1
    t.not(await post(flipped), 200, `byte ${at} flipped`)
  }
  t.equal(await post(good), 200, 'unchanged it is cosigned')
}

/** The database as it was when the log had `size` events, all in its rows; answers the root it had then. */
async function putBack(world: World, size: number): Promise<Buffer> {
  return world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    const { root } = await db.selectFrom('checkpoint').where('size', '=', size).select('root').executeTakeFirstOrThrow()
    for (const table of ['cosignature', 'witnessed', 'checkpoint'] as const) {
      await db.deleteFrom(table).where('size', '>', size).execute()
    }
    const leaves = await db.selectFrom('leaf').where('index', '<', size).select('hash').orderBy('index').execute()
    await db.deleteFrom('link').where('leaf_index', '>=', size).execute()
    await db.deleteFrom('leaf').where('index', '>=', size).execute()
    await db.deleteFrom('event').where('leaf_index', '>=', size).execute()
    await db
      .updateTable('tile')
      .set({ hashes: Buffer.concat(leaves.map(({ hash }) => hash)) })
      .where('level', '=', 0)
      .execute()
    await db.updateTable('witness_contact').set({ last_size: size }).execute()
    return root
  })
}
