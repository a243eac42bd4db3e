import t from 'tap'
import { missingOf } from '../../../services/custody/devices/missing.ts'
import { listGaps } from '../../../services/custody/hand-ins/gap-list.ts'
import { withdrawGaps } from '../../../services/custody/hand-ins/gap-withdrawal.ts'
import { filesOfHandIn } from '../../../services/custody/hand-ins/hand-in-detail.ts'
import { listHandIns } from '../../../services/custody/hand-ins/hand-in-list.ts'
import { findUnreadFiles } from '../../../services/custody/hand-ins/overdue.ts'
import { footage, hex, openTestHandIn, registerTestDevice, type SeenInTest } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { name, openPlace, serial, startLoop, witnessNow } from './place.ts'

const dayMs = 24 * 3_600_000

t.test('a list that names files which were handed in before is complete without a byte', async (t) => {
  const place = await openPlace(t)
  const { world } = place.archive
  await registerTestDevice(world, 'DSJ0002')
  startLoop(t, place)
  place.archive.startArchive()
  const bytes = footage(40_000, 'known')
  const first = await place.handIn({ bytes, name })
  const known = { name: name.toString('base64'), bytes: bytes.length, sha256: hex(bytes) }
  const list = (of: string, files: SeenInTest['files']) => {
    const openedAt = world.clock.now().toISOString()
    return openTestHandIn(place.ingest, { serial: of, openedAt, files })
  }
  const again = await list(serial, [known])
  const others = await list(serial, [
    known,
    { ...known, bytes: known.bytes + 1 },
    { ...known, sha256: hex(footage(10)) },
    { name: known.name, bytes: known.bytes },
  ])
  const ofAnother = await list('DSJ0002', [known])
  const told = async (path: string) => {
    const response = await place.ingest.call('GET', path)
    const text = await response.text()
    if (response.status !== 200) throw new Error(text)
    return (JSON.parse(text) as { files: Record<string, unknown>[] }).files
  }

  const duplicate = { state: 'duplicate', recordingId: first.recordingId, uploadId: null }
  const expected = { state: 'expected', recordingId: null, uploadId: null }
  t.match(await told(`/hand-ins/${again}`), [duplicate])
  t.match(await told(`/hand-ins/${others}`), [duplicate, expected, expected, expected], 'by digest and length')
  t.match(await told(`/hand-ins/${ofAnother}`), [expected], 'of the same device')
  const access = world.dbFor('access')
  const { files } = await filesOfHandIn(access, again, { from: 0, limit: 10, hasWitnesses: true })
  t.match(files, [{ ...duplicate, recordingState: 'sealed', receipt: { state: 'not_yet', reason: 'not_secured' } }])
  const summaryOf = async (id: string) => (await listHandIns(access, { id, limit: 1 })).handIns[0]!
  const summary = { state: 'complete', files: { total: 1, expected: 0, sealed: 0, duplicate: 1, receipts: 0 } }
  t.match(await summaryOf(again), summary)
  t.match(await summaryOf(others), { state: 'incomplete', files: { total: 4, expected: 3, duplicate: 1 } })
  const ids = async (state: 'complete' | 'incomplete') =>
    new Set((await listHandIns(access, { state, limit: 10 })).handIns.map(({ id }) => id))
  t.same(await ids('complete'), new Set([again]))
  t.same(await ids('incomplete'), new Set([first.handInId, others, ofAnother]))
  t.match(await missingOf(access, serial), { files: 7 }, 'no file of any list has its receipt yet')

  await copyAndVerify(world, first.recordingId, bytes)
  await world.until(async () => {
    await witnessNow(place)
    return (await told(`/hand-ins/${again}/receipt`))[0]!.state === 'witnessed'
  })
  const [one] = await told(`/hand-ins/${again}/receipt`)
  t.same(one!.receipt, (await place.receiptOf(first.path)).receipt, 'its receipt is that of the recording')
  t.match(await summaryOf(again), { files: { receipts: 1 } })
  t.match(await missingOf(access, serial), { files: 4 }, 'what was left out of the first list, and the three')

  world.clock.advance(10 * dayMs)
  t.equal(await findUnreadFiles(world.dbFor('worker'), world.clock), 3)
  const gaps = await listGaps(access, { limit: 10 }, world.clock.now())
  t.same(
    new Map(gaps.map(({ handInId, lineNumbers, stillMissing }) => [handInId, [lineNumbers, stillMissing]])),
    new Map([
      [first.handInId, [[0], 1]],
      [others, [[1, 2, 3], 3]],
      [ofAnother, [[0], 1]],
    ]),
    'what was here before never becomes a gap',
  )
  const withdraw = () => withdrawGaps(world.dbFor('worker'), world.clock)
  t.equal(await withdraw(), 0)
  await place.handIn({ bytes, name, serial: 'DSJ0002' })
  t.equal(await withdraw(), 1, 'what its list named has come')
  t.match(await listGaps(access, { handInId: ofAnother, limit: 1 }, world.clock.now()), [{ state: 'withdrawn' }])
})

t.test('a file that is kept in quarantine is here too; what came of an upload of its own counts first', async (t) => {
  const place = await openPlace(t)
  const { world } = place.archive
  const bytes = footage(30_000, 'unknown device')
  const first = await place.handIn({ bytes, name, serial: 'DSJ0099' })
  const line = { name: name.toString('base64'), bytes: bytes.length, sha256: hex(bytes) }
  const again = await openTestHandIn(place.ingest, { serial: 'DSJ0099', files: [line] })
  const access = world.dbFor('access')
  const stands = async (id: string) =>
    (await filesOfHandIn(access, id, { from: 0, limit: 10, hasWitnesses: true })).files
  t.match(await stands(again), [
    { state: 'duplicate', recordingId: first.recordingId, receipt: { state: 'not_yet', reason: 'quarantined' } },
  ])
  t.match((await stands(first.handInId))[1], { state: 'quarantined', recordingId: first.recordingId })
})
