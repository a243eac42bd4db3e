import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterDamage } from '../../../services/custody/copies/verification.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { dueReceipts, issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { receiptOfRecording } from '../../../services/custody/receipts/receipt-state.ts'
import { checkAnswer, type ReceiptAnswer } from '../../../services/dock/receipts/check.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { reread } from '../../../workers/reread.ts'
import { jobHandler } from '../../../workers/run.ts'
import { createUpload, footage, hex } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { name, openPlace, type Place, serial, startLoop, witnessNow } from './place.ts'

t.test('no receipt for what is quarantined, damaged, or was handed in before', async (t) => {
  const place = await openPlace(t)
  const { archive, ingest } = place
  const { world } = archive
  archive.startArchive()
  const bytes = footage(1000, 'two')
  const good = await place.handIn({ bytes, name })
  const unknown = await place.handIn({ bytes, name, serial: 'NOBODY1' })
  for (const { recordingId } of [good, unknown]) await copyAndVerify(world, recordingId, bytes)

  // Failing between event and row leaves neither.
  await world.asSuperuser(async (db) => {
    await sql`create function refuse_receipt() returns trigger language plpgsql as $$ begin raise 'cut'; end $$`.execute(
      db,
    )
    await sql`create trigger cut before insert on receipt execute function refuse_receipt()`.execute(db)
  })
  await archive.archived()
  await t.rejects(issueReceipt(world.dbFor('worker'), world.clock, good.recordingId), /cut/)
  const issued = () => world.db.selectFrom('event').where('kind', '=', 'receipt.issued').select('subjects').execute()
  t.same(await issued(), [])
  await world.asSuperuser((db) => sql`drop trigger cut on receipt`.execute(db))

  const stop = startLoop(t, place)
  await world.until(async () => (await place.receiptOf(good.path)).state === 'provisional')
  t.match(await place.receiptOf(unknown.path), { state: 'not_yet', reason: 'quarantined' })
  t.equal((await issued()).length, 1)
  await stop()
  const withoutWitnesses = await receiptOfRecording(world.dbFor('ingest'), good.recordingId, { hasWitnesses: false })
  t.match(withoutWitnesses, { state: 'provisional', message: /no witnesses/ })

  const again = await place.handIn({ bytes, name })
  t.equal(again.recordingId, good.recordingId)
  t.match(await place.receiptOf(again.path), { state: 'not_yet', reason: 'duplicate_unread' })
  const third = await place.handIn({ bytes, name })
  await readAgain(place)
  await readAgain(place)
  t.equal((await eventsOf(place, 'recording.read_again')).length, 1, 'read once for both, and not again')
  await world.until(async () => (await place.receiptOf(again.path)).state === 'provisional')
  const answer = await place.receiptOf(again.path)
  t.match(answer, { state: 'provisional', recordingId: good.recordingId })
  t.match(await place.receiptOf(third.path), { state: 'provisional', readAgain: { index: answer.readAgain!.index } })
  t.equal((await place.receiptOf(good.path)).readAgain, null, 'the first hand-in needs none')
  await witnessNow(place)
  const witnessed = await place.receiptOf(again.path)
  t.equal(witnessed.state, 'witnessed')
  checkAtDock(t, place, bytes, witnessed as never)
  t.same(await copyFaults(place), [], 'rows and events agree')

  const recording = await sealedRecording(world.db, good.recordingId)
  const object = recording.copies.get('backup-a')!.object
  const damage = { store: 'backup-a', hostName: 'x', object, found: null, actor: 'test' } as const
  await world.db.transaction().execute((trx) => enterDamage(trx, world.clock, recording, damage))
  t.match(
    await place.receiptOf(good.path),
    { state: 'not_yet', reason: 'damaged', receipt: null },
    'withheld from then on',
  )
  await ingest.call('DELETE', await createUpload(ingest, 10))
})

/** Does what waits to be read again, as the workers do. */
async function readAgain({ archive: { world } }: Place): Promise<void> {
  const { clock, log } = world
  const db = world.dbFor('worker')
  const handler = jobHandler({ db, clock, log }, 'reread', (job, signal) =>
    reread({ db, clock, log, stores: world.storesFor('worker') }, job, signal),
  )
  for (const { id } of await world.db
    .selectFrom('job')
    .where('name', '=', 'reread')
    .select('id')
    .orderBy('id')
    .execute())
    await handler(id, new AbortController().signal)
}

async function eventsOf({ archive: { world } }: Place, kind: string) {
  return world.db.selectFrom('event').where('kind', '=', kind).select('body').execute()
}

async function copyFaults({ archive: { world } }: Place): Promise<string[]> {
  const report = openReport()
  await checkRows(world.db, report)
  return report.findings().flatMap(({ subject, problem }) => (/^copy /.test(subject) ? [`${subject}: ${problem}`] : []))
}

/** A dock that read the file after the receipt was issued takes it with the reading, and not without, nor with another one. */
function checkAtDock(t: Test, { archive, witness }: Place, bytes: Buffer, answer: Omit<ReceiptAnswer, 'number'>): void {
  const trust = { log: parseLogKeys(archive.log.verifierKeys), policy: witness.policy }
  const issuedMs = Date.parse(JSON.parse(answer.receipt!.body).at)
  const stands = (changed: Partial<typeof answer>, readMs: number | null = issuedMs + 1) =>
    checkAnswer({ ...answer, ...changed }, { sha256: hex(bytes), bytes: bytes.length, readMs }, serial, trust)
  t.match(stands({}), { receipt: 'witnessed', receiptIndex: answer.receipt!.index })
  t.match(stands({ readAgain: null }), { receipt: 'none', receiptReason: 'duplicate_unread' })
  t.match(stands({}, null), { receipt: 'none', receiptReason: 'duplicate_unread' })
  t.match(stands({ readAgain: null }, issuedMs), { receipt: 'witnessed' }, 'read before it was issued')
  t.match(stands({ readAgain: answer.receipt }), { receipt: 'wrong', receiptReason: /not a recording.read_again/ })
  const { begunAt } = JSON.parse(answer.readAgain!.body).details
  t.match(stands({}, Date.parse(begunAt) + 1), { receipt: 'wrong', receiptReason: /before the file was handed in/ })
}

t.test('one that cannot be issued keeps no other from its receipt', async (t) => {
  const place = await openPlace(t)
  const { archive } = place
  const { world } = archive
  archive.startArchive()
  const files = [footage(1000, 'stuck'), footage(1000, 'behind')]
  const [stuck, behind] = await Promise.all(files.map((bytes) => place.handIn({ bytes, name })))
  await copyAndVerify(world, stuck!.recordingId, files[0]!)
  await copyAndVerify(world, behind!.recordingId, files[1]!)
  t.same(await dueReceipts(world.dbFor('worker'), 1), [stuck!.recordingId], 'it has its turn first')
  t.same(await dueReceipts(world.dbFor('worker'), 1, [stuck!.recordingId]), [behind!.recordingId])
  await world.asSuperuser((db) =>
    sql`alter table receipt add constraint cut check (recording_id <> ${sql.lit(stuck!.recordingId)})`.execute(db),
  )
  await archive.archived()
  startLoop(t, place)
  await world.until(async () => (await place.receiptOf(behind!.path)).state === 'provisional')
  t.match(await place.receiptOf(stuck!.path), { state: 'not_yet', reason: 'not_issued' })
  await world.asSuperuser((db) => sql`alter table receipt drop constraint cut`.execute(db))
  await world.until(async () => (await place.receiptOf(stuck!.path)).state === 'provisional')
})
