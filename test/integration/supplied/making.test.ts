import { readFile } from 'node:fs/promises'
import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { checkSuppliedFilms } from '../../../services/custody/fsck/supplied-films.ts'
import { judgeReads } from '../../../services/custody/reads/judge.ts'
import { keepReads } from '../../../services/custody/reads/keep-reads.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { openBureau } from '../access/bureau.ts'
import { clipMaker } from '../workers/clips.ts'
import { worldHandlers } from '../workers/handlers.ts'
import { killedAt } from '../workers/killed-at.ts'
import { detailsOf, eventsOf, jobRow, recordingRow, type Sealed } from '../workers/sealed.ts'
import { facts, make, renditionsOf, sealUnplayable, supplyAndConfirm, supplyOf } from './supplying.ts'

t.setTimeout(480_000)
const bureau = await openBureau(t, { movesClock: true })
const { world, people } = bureau
const clip = await clipMaker(t)

/** What the full check finds in the rows of renditions and in the films that were supplied; the seals here are not whole. */
async function found(): Promise<unknown[]> {
  const report = openReport()
  await checkRows(world.db, report)
  await checkSuppliedFilms(world.db, world.storesFor('auditor').primary, { isRead: () => true }, report)
  return report.findings().filter(({ subject }) => subject.startsWith('rendition'))
}

t.test('a film that two people supplied is made playable like any footage, and always says so', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const [notPlayable] = await renditionsOf(bureau, sealed)
  const film = await readFile(await clip('recorder.mp4'))
  const { supplyId, custodian, supervisor, jobId } = await supplyAndConfirm(bureau, sealed, film)
  const digest = sha256(film).toString('hex')
  t.match(await renditionsOf(bureau, sealed), [{ id: notPlayable!.id, state: 'superseded' }])
  t.match(await supplyOf(bureau, supplyId), { state: 'making', proposed_by: people.custodian.id })
  t.same(await found(), [], 'rows are as the events say before it is made')
  const early = await custodian.call('POST', `/recordings/${sealed.id}/viewings`, { purpose: '核查执法过程' })
  t.match(early, { status: 409, body: { error: { message: /still being made playable/ } } })

  await make(t, bureau, jobId)
  t.match(await renditionsOf(bureau, sealed), [
    { id: notPlayable!.id, state: 'superseded' },
    { state: 'ready', kind: 'video', method: 'supplied', input_sha256: sealed.sha256 },
  ])
  t.match(await supplyOf(bureau, supplyId), { state: 'ready', failure: null })
  t.match(await jobRow(world, jobId), { state: 'done' })
  const about = { inputSha256: sealed.sha256.toString('hex'), suppliedSha256: digest, method: 'supplied' }
  t.match((await detailsOf(world, sealed.id, 'rendition.published'))[0], about)
  const [ready] = await detailsOf(world, sealed.id, 'rendition.ready')
  t.match(ready, { ...about, differences: [{ what: 'supplied_by_vendor_player' }] })
  t.notOk('inventorySha256' in ready!, 'which would name the inventory of the original')
  const said = { supplyId, ...facts, sha256: digest, bytes: film.length, renditionId: notPlayable!.id }
  const recording = `recording:${sealed.id}`
  t.match(await bureau.eventsOf('rendition.supply_proposed'), [
    {
      actor: people.custodian.id,
      actorRole: 'custodian',
      details: said,
      subjects: [recording, /^device:/, /^person:/],
    },
  ])
  t.match(await bureau.eventsOf('rendition.supplied'), [
    {
      actor: people.supervisor.id,
      details: { ...said, proposedBy: people.custodian.id, reason: '已核对导出记录' },
      subjects: [recording, /^device:/, `person:${people.custodian.id}`, `person:${people.supervisor.id}`],
    },
  ])
  t.same(await found(), [])

  const shown = await supervisor.call('GET', `/recordings/${sealed.id}`)
  t.match(shown.body.rendition, { state: 'ready', method: 'supplied' })
  const viewing = await custodian.call('POST', `/recordings/${sealed.id}/viewings`, { purpose: '核查执法过程' })
  t.match(viewing, { status: 201, body: { kind: 'video', durationMs: ready!.durationMs } })
  await readsAreExplained(sealed, film.length)
})

/** The film may be read by who makes and who checks, and by nobody else. */
async function readsAreExplained(sealed: Sealed, bytes: number): Promise<void> {
  const { object_key: objectKey, version_id: versionId } = await world.db
    .selectFrom('rendition_supply')
    .where('recording_id', '=', sealed.id)
    .selectAll()
    .executeTakeFirstOrThrow()
  const at = world.clock.now()
  const read = { api: 'GetObject', startedAt: at, at, bucket: 'derived', objectKey, versionId, bytes } as const
  const db = world.dbFor('worker')
  const judged = async (credential: string) => {
    await keepReads(db, 'primary', [{ ...read, credential, requestId: credential }])
    world.clock.advance(60_000)
    const { explained } = await judgeReads({ db, clock: world.clock, graceMs: 1000 })
    world.clock.advance(-60_000)
    return explained === 1
  }
  t.ok(await judged('transcode'))
  for (const credential of ['access', 'worker', 'package', 'ingest', 'auditor']) {
    t.notOk(await judged(credential), `${credential} has nothing to do with it`)
  }
}

t.test('a picture may be supplied, too', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { jobId } = await supplyAndConfirm(bureau, sealed, await readFile(await clip('still.jpg')))
  await make(t, bureau, jobId)
  t.match(await renditionsOf(bureau, sealed), [
    { state: 'superseded' },
    { state: 'ready', kind: 'still', method: 'supplied' },
  ])
  const [ready] = await detailsOf(world, sealed.id, 'rendition.ready')
  t.same(ready!.differences, [{ what: 'supplied_by_vendor_player' }])
})

t.test('nothing is made of a film that is no footage: the recording is what it was, and says why', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const [before] = await renditionsOf(bureau, sealed)
  const playlist = Buffer.from('#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n')
  const first = await supplyAndConfirm(bureau, sealed, playlist)
  await make(t, bureau, first.jobId)
  await make(t, bureau, first.jobId)
  t.match(await supplyOf(bureau, first.supplyId), { state: 'failed', failure: /playlist/ })
  t.same(await renditionsOf(bureau, sealed), [before])
  t.match(await eventsOf(world, sealed.id), { 'rendition.supply_failed': 1, 'rendition.ready': undefined })
  t.same(await found(), [])

  const cut = (await readFile(await clip('moov-last.mp4'))).subarray(0, -20_000)
  const second = await supplyAndConfirm(bureau, sealed, cut)
  await make(t, bureau, second.jobId)
  t.match(await supplyOf(bureau, second.supplyId), { state: 'failed', failure: /breaks off before its index \(moov\)/ })
  t.same(await renditionsOf(bureau, sealed), [before])
  t.same(await found(), [])
})

/** The primary store, on which the object under `key` has another last byte than it had. */
function storeThatAlters(key: string): Store {
  const { primary } = world.storesFor('transcode')
  const get: Store['get'] = async (object, options) => {
    const source = await primary.get(object, options)
    if (object.key !== key) return source
    return source.map((chunk: Buffer) => Buffer.from(chunk.map((byte) => byte ^ 1)))
  }
  return { ...primary, get }
}

t.test('a stored film that is another than the one that was agreed on is not used, and raises an alarm', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { supplyId, jobId } = await supplyAndConfirm(bureau, sealed, await readFile(await clip('silent.mp4')))
  const { object_key } = await supplyOf(bureau, supplyId)
  await make(t, bureau, jobId, { primary: storeThatAlters(object_key) })
  t.match(await supplyOf(bureau, supplyId), { state: 'failed', failure: /not the one that was supplied/ })
  t.match(await renditionsOf(bureau, sealed), [{ state: 'not_playable' }])
  const alarms = (await bureau.eventsOf('alarm.raised')).filter(({ details }) => details.alarm !== 'unexplained_read')
  t.match(alarms, [{ details: { alarm: 'supplied_film_differs', supplyId, key: object_key } }])
  t.same(await found(), [])
})

t.test('nothing is made when the original is not what was sealed: that is damage', async (t) => {
  const sealed = await sealUnplayable(t, bureau)
  const { supplyId, jobId } = await supplyAndConfirm(bureau, sealed, await readFile(await clip('silent.mp4')))
  await make(t, bureau, jobId, { primary: storeThatAlters(sealed.object.key) })
  t.match(await supplyOf(bureau, supplyId), { state: 'failed', failure: /original/ })
  t.equal((await recordingRow(world, sealed.id)).state, 'damaged')
  t.match(await eventsOf(world, sealed.id), { 'recording.damaged': 1, 'rendition.supply_failed': 1 })
})

t.test('a worker that is killed while it makes it leaves nothing that the next one cannot go on from', async (t) => {
  const film = await readFile(await clip('silent.mp4'))
  const { scratchDirectory } = await worldHandlers(t, world)
  let step = 2
  for (let wasKilled = true; wasKilled; step += 5) {
    const sealed = await sealUnplayable(t, bureau)
    const { supplyId, jobId } = await supplyAndConfirm(bureau, sealed, film)
    wasKilled = await killedAt(world, step, { name: 'transcode', id: jobId }, scratchDirectory)
    // By then the dead worker's lease has run out.
    world.clock.advance(16_000)
    await make(t, bureau, jobId)
    t.match(await supplyOf(bureau, supplyId), { state: 'ready' }, `step ${step}`)
    const states = (await renditionsOf(bureau, sealed))
      .map(({ state }) => state)
      .filter((state) => state !== 'abandoned')
    t.same(states, ['superseded', 'ready'])
  }
  t.ok(step > 12, `${step} steps`)
  t.same(await found(), [])
})
