import { sql } from 'kysely'
import t from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterDamage } from '../../../services/custody/copies/verification.ts'
import { dueReceipts, issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { receiptOfRecording } from '../../../services/custody/receipts/receipt-state.ts'
import { createUpload, footage } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { name, openPlace, startLoop } from './place.ts'

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
  await world.db
    .updateTable('copy')
    .set({ verified_at: world.clock.now() })
    .where('recording_id', '=', good.recordingId)
    .execute()
  t.match(await place.receiptOf(again.path), { state: 'provisional', recordingId: good.recordingId })

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
