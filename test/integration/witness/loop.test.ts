import t, { type Test } from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { openNote, parseVerifierKey } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { newestWitnessed } from '../../../services/ledger/log/witnessed.ts'
import { ledgerState } from '../../../services/ledger/witness/state.ts'
import { makeTestLog, startSequencer } from '../../support/sequencer.ts'
import { makeWitness, startFalseWitness } from '../../support/witness.ts'
import { appendOne, publishedSize, startWitnessLoops, witnessedSize } from '../../support/witness-loop.ts'
import { openWorld, type World } from '../../support/world.ts'

const fast = { unnoticedMs: 20, restMs: 20, firstRetryMs: 50, retryMsMax: 200 }

t.test('an event is witnessed within a second, with both keys; cosigning writes no event', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const witness = await makeWitness(t, log.verifierKeys)
  const { url } = await witness.start()
  const policy = `${witness.policyLines('legal', url)}quorum legal\n`
  startWitnessLoops(t, world, log, policy)
  await appendOne(world)
  await world.until(async () => (await witnessedSize(world)) === 1)

  const tookMs: number[] = []
  for (let size = 2; size <= 9; size += 1) {
    const before = performance.now()
    await appendOne(world)
    await world.until(async () => (await witnessedSize(world)) === size)
    tookMs.push(performance.now() - before)
  }
  tookMs.sort((one, other) => one - other)
  t.comment(`event to witnessed: ${tookMs.map(Math.round).join(' ')} ms`)
  const newest = await newestWitnessed(world.db)
  const keys = [...log.verifierKeys.split(' '), ...witness.verifierKeys].map(parseVerifierKey)
  t.equal(openNote(newest!.note, keys).verified.length, keys.length, 'the log and both keys of the witness')
  const { events } = await world.db
    .selectFrom('event')
    .select((select) => select.fn.countAll<number>().as('events'))
    .executeTakeFirstOrThrow()
  t.equal(events, 9)
  t.match(await ledgerState(world.db, parsePolicy(policy)), {
    size: 9,
    witnessedSize: 9,
    unwitnessedSince: null,
    witnesses: [{ name: witness.name, kind: 'online', size: 9, lastError: null, alarm: null, lastOkAt: Date }],
  })
})

t.test('after an outage only the newest checkpoint is caught up with', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const witness = await makeWitness(t, log.verifierKeys)
  const listen = `127.0.0.1:${await freePort()}`
  const policy = `${witness.policyLines('legal', `http://${listen}`)}quorum legal\n`
  const running = await witness.start({ listen })
  startWitnessLoops(t, world, log, policy, { pace: fast })
  await appendOne(world)
  await world.until(async () => (await witnessedSize(world)) === 1)
  await running.kill()
  for (let size = 2; size <= 5; size += 1) {
    await appendOne(world)
    await world.until(async () => (await publishedSize(world)) === size)
  }
  await world.until(async () => (await ledgerState(world.db, parsePolicy(policy))).witnesses[0]!.lastError !== null)
  const away = await ledgerState(world.db, parsePolicy(policy))
  const second = await world.db.selectFrom('checkpoint').where('size', '=', 2).select('at').executeTakeFirstOrThrow()
  t.match(away, { size: 5, witnessedSize: 1, unwitnessedSince: second.at })
  t.match(away.witnesses, [{ size: 1, lastError: /does not answer/ }])

  await witness.start({ listen })
  await world.until(async () => (await witnessedSize(world)) === 5)
  const sizes = await world.db.selectFrom('witnessed').select('size').orderBy('size').execute()
  t.same(
    sizes.map(({ size }) => size),
    [1, 5],
  )
  t.match(await ledgerState(world.db, parsePolicy(policy)), {
    unwitnessedSince: null,
    witnesses: [{ lastError: null }],
  })
})

t.test('two loops at once, on either side of a database that forgot how far the witness is', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const witness = await makeWitness(t, log.verifierKeys)
  const { url } = await witness.start()
  const policy = `${witness.policyLines('legal', url)}quorum legal\n`
  startWitnessLoops(t, world, log, policy, { pace: fast })
  startWitnessLoops(t, world, log, policy, { pace: fast })
  for (let round = 0; round < 20; round += 1) {
    await appendOne(world)
    if (round % 5 === 4) await world.db.updateTable('witness_contact').set({ last_size: 0 }).execute()
  }
  await world.until(async () => (await publishedSize(world)) === 20 && (await witnessedSize(world)) === 20)
  const contact = await world.db.selectFrom('witness_contact').selectAll().executeTakeFirstOrThrow()
  t.match(contact, { name: witness.name, alarm: null })
  await noLineIsWrong(t, world, witness.verifierKeys)
})

t.test('a quorum of two of three, one of them slow: it delays nobody, and whoever completes it marks it', async (t) => {
  const world = await openWorld(t)
  const log = await makeTestLog(t)
  t.teardown(startSequencer(world, log))
  const names = ['a.test/witness', 'b.test/witness']
  const [a, b] = await Promise.all(names.map((name) => makeWitness(t, log.verifierKeys, name)))
  const slow = await makeWitness(t, log.verifierKeys, 'slow.test/witness')
  const neverAnswers = await startFalseWitness(t, () => new Promise(() => undefined))
  const [runningA, runningB] = await Promise.all([a!.start(), b!.start()])
  const policy = [
    a!.policyLines('a', runningA.url),
    b!.policyLines('b', runningB.url),
    slow.policyLines('s', neverAnswers.url),
    'group office 2 a b s\nquorum office\n',
  ].join('')
  const loops = startWitnessLoops(t, world, log, policy, { pace: fast })
  for (let size = 1; size <= 10; size += 1) {
    await appendOne(world)
    await world.until(async () => (await witnessedSize(world)) === size)
  }
  t.equal(neverAnswers.bodies.length, 1, 'the slow one was asked, and is waited for by its own loop alone')
  await loops.stop()
  t.pass('and it can be left in the middle of an answer')

  await runningB.kill()
  const alone = startWitnessLoops(t, world, log, policy, { pace: fast })
  await appendOne(world)
  await world.until(async () => {
    const rows = await world.db.selectFrom('cosignature').where('size', '=', 11).select('name').execute()
    return rows.length === 2
  })
  t.equal(await witnessedSize(world), 10, 'one of two is not the quorum')
  await alone.stop()
})

async function noLineIsWrong(t: Test, world: World, verifierKeys: readonly string[]): Promise<void> {
  const rows = await world.db
    .selectFrom('cosignature')
    .innerJoin('checkpoint', 'checkpoint.size', 'cosignature.size')
    .select(['note', 'line'])
    .execute()
  for (const { note, line } of rows)
    t.doesNotThrow(() => openNote(`${note}${line}`, verifierKeys.map(parseVerifierKey)))
}
