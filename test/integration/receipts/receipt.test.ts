import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import { enterDamage } from '../../../services/custody/copies/verification.ts'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { dueReceipts, issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { receiptOfRecording } from '../../../services/custody/receipts/receipt-state.ts'
import { cosign } from '../../../services/ledger/format/cosignature.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { generateSignerKey, joinNote, parseSignerKey, splitNote } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { judgeAnswer } from '../../../services/ledger/format/witness-protocol.ts'
import { newestCheckpoint } from '../../../services/ledger/log/witnessed.ts'
import type { DisclosedEvent } from '../../../services/ledger/verify/disclosed.ts'
import { verifyReceipt } from '../../../services/ledger/verify/receipt.ts'
import { storeCosignatures } from '../../../services/ledger/witness/cosignatures.ts'
import { runReceipt } from '../../../workers/receipt.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  openIngestWorld,
  patch,
  registerTestDock,
  signedList,
} from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import type { TestLog } from '../../support/sequencer.ts'
import { type ArchiveWorld, openArchiveWorld } from '../archive/archive-world.ts'

const serial = 'DSJ0001'
const name = Buffer.from('DSJ0001_012345_20261120083000_0001.MP4')

interface ReceiptAnswer {
  readonly state: string
  readonly reason: string | null
  readonly message: string | null
  readonly recordingId: string | null
  readonly receipt: (DisclosedEvent & { readonly index: number }) | null
}

interface Place {
  readonly archive: ArchiveWorld
  readonly ingest: IngestWorld
  readonly witness: ReturnType<typeof makeWitness>
  receiptOf(path: string): Promise<ReceiptAnswer>
  /** A file of a hand-in, sealed. */
  handIn(file: {
    bytes: Buffer<ArrayBuffer>
    name: Buffer
    serial?: string
  }): Promise<{ handInId: string; path: string; recordingId: string }>
}

async function openPlace(t: Test): Promise<Place> {
  const archive = await openArchiveWorld(t)
  const ingest = await openIngestWorld(t, {}, { world: archive.world, sequencer: false })
  const receiptOf = async (path: string) =>
    (await (await ingest.call('GET', `${path}/receipt`)).json()) as ReceiptAnswer
  return {
    archive,
    ingest,
    witness: makeWitness(archive.log),
    receiptOf,
    async handIn({ bytes, name, serial: of = serial }) {
      const listed = { name: name.toString('base64'), bytes: bytes.length, sha256: hex(bytes), mark: true }
      const left = { name: Buffer.from('left out.mp4').toString('base64'), bytes: 5, mark: false }
      const list = {
        serial: of,
        openedAt: archive.world.clock.now().toISOString(),
        clockOffsetMs: 3000,
        files: [left, listed],
      }
      const body = signedList(ingest.dock, list)
      const opened = await ingest.call('POST', '/hand-ins', { headers: { 'content-type': 'application/json' }, body })
      const { id } = (await opened.json()) as { id: string }
      const path = await createUpload(ingest, bytes.length, {
        serial: of,
        filename: name,
        handIn: id,
        handInNumber: '1',
      })
      await patch(ingest, path, 0, bytes)
      const recordingId = await archive.world.until(async () => {
        const state = (await (await ingest.call('GET', path)).json()) as { recordingId: string | null }
        return state.recordingId
      })
      return { handInId: id, path, recordingId }
    },
  }
}

function makeWitness(log: TestLog) {
  const { signerKey, verifierKey } = generateSignerKey('witness.test/1', signatureTypes.cosignatureEd25519)
  const signer = parseSignerKey(signerKey)
  const policy = parsePolicy(`log ${log.verifierKey}\nwitness one ${verifierKey}\nquorum one\n`)
  return { signer, policy, verifierKey }
}

/** Has the newest checkpoint cosigned. */
async function witnessNow({ archive: { world }, witness: { signer, policy } }: Place): Promise<void> {
  const { size, note } = (await newestCheckpoint(world.db))!
  const { text } = splitNote(note)
  const now = world.clock.now()
  const signature = cosign(signer, text, Math.floor(now.getTime() / 1000))
  const line = joinNote(text, [{ ...signer, signature }]).slice(text.length + 1)
  const { cosignatures } = judgeAnswer(
    line,
    text,
    policy.witnesses.map(({ key }) => key),
    now.getTime() / 1000,
  )
  await storeCosignatures(world.db, policy, { witness: 'one', size, cosignatures, at: now })
}

/** Runs the loop until the returned function is called, or the test ends. */
function startLoop(t: Test, { archive: { world } }: Place) {
  const stopper = new AbortController()
  const ended = runReceipt({ db: world.dbFor('worker'), clock: world.clock, log: world.log }, stopper.signal)
  const stop = async () => {
    stopper.abort()
    await ended
  }
  t.teardown(stop)
  return stop
}

t.test('a receipt comes when three copies are equal and both backups hold the events, and only then', async (t) => {
  const place = await openPlace(t)
  const { archive, ingest, witness } = place
  const { world } = archive
  const bytes = footage(70_000, 'one')
  t.match(await place.receiptOf(await createUpload(ingest, 10)), {
    state: 'not_yet',
    reason: 'not_sealed',
    receipt: null,
  })
  const { handInId, path, recordingId } = await place.handIn({ bytes, name })
  startLoop(t, place)
  startLoop(t, place)
  t.match(await place.receiptOf(path), { state: 'not_yet', reason: 'not_secured', receipt: null })
  await copyAndVerify(world, recordingId, bytes)
  await world.until(async () => (await place.receiptOf(path)).reason === 'not_archived')
  t.notOk(await issueReceipt(world.dbFor('worker'), world.clock, recordingId), 'not even when it is asked for')

  archive.startArchive()
  await archive.archived()
  const provisional = await world.until(async () => {
    const answer = await place.receiptOf(path)
    return answer.state === 'not_yet' ? null : answer
  })
  t.match(provisional, { state: 'provisional', reason: null, message: /witnesses/, recordingId })
  const claim = { policy: witness.policy, fileSha256: hex(bytes), bytes: bytes.length, deviceSerial: serial }
  t.match(verifyReceipt(provisional.receipt!, claim), { mayClear: false, why: /known key|provisional/ })
  await witnessNow(place)
  const witnessed = await world.until(async () => {
    const answer = await place.receiptOf(path)
    return answer.state === 'witnessed' ? answer : null
  })
  const receipt = witnessed.receipt!
  t.match(verifyReceipt(receipt, claim), { mayClear: true, index: receipt.index })

  t.test('it says what was handed in and where the copies lie', async (t) => {
    const body = JSON.parse(receipt.body)
    const [upload] = await world.db.selectFrom('upload').where('recording_id', '=', recordingId).select('id').execute()
    t.match(body, { kind: 'receipt.issued', actor: 'receipt' })
    t.same(body.subjects, [
      { type: 'recording', id: recordingId },
      { type: 'device', id: serial },
      { type: 'upload', id: upload!.id },
      { type: 'dock', id: ingest.dock.id },
    ])
    const copies = await world.db.selectFrom('copy').selectAll().orderBy('store').execute()
    t.match(body.details, {
      name: { base64: name.toString('base64'), text: name.toString() },
      sm3: /^[0-9a-f]{64}$/,
      clockOffsetMs: 3000,
      hosts: new Set(copies.map(({ host_name }) => host_name)).size,
      handIn: { id: handInId, line: 1 },
      copies: copies.map((copy) => ({ store: copy.store, host: copy.host_name, versionId: copy.version_id })),
    })
    const { rows } = await sql<{ kind: string }>`select kind from event where leaf_index = any(${[
      body.details.sealedIndex,
      body.details.securedIndex,
    ]}::bigint[]) order by leaf_index`.execute(world.db)
    t.same(
      rows.map(({ kind }) => kind),
      ['recording.sealed', 'recording.secured'],
    )
  })

  t.test('nothing else clears a device', async (t) => {
    const other = makeWitness(archive.log)
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
    const middle = (text: string) => flip(text, Math.floor(text.length / 2))
    const note = receipt.proof.slice(receipt.proof.indexOf('\n\n') + 2)
    const claims: Record<string, typeof claim> = {
      'another file': { ...claim, fileSha256: hex(Buffer.from('x')) },
      'another length': { ...claim, bytes: claim.bytes + 1 },
      'another device': { ...claim, deviceSerial: 'DSJ0002' },
      'a digest that is none': { ...claim, fileSha256: '' },
      'another witness': { ...claim, policy: other.policy },
      'no witness asked for': { ...claim, policy: parsePolicy(`log ${archive.log.verifierKey}\nquorum none\n`) },
      'another log': {
        ...claim,
        policy: parsePolicy(
          `log ${generateSignerKey('other.test').verifierKey}\nwitness one ${witness.verifierKey}\nquorum one\n`,
        ),
      },
    }
    for (const [what, changed] of Object.entries(claims)) t.notOk(verifyReceipt(receipt, changed).mayClear, what)
    const receipts: Record<string, DisclosedEvent> = {
      body: { ...receipt, body: middle(receipt.body) },
      salt: { ...receipt, salt: flip(receipt.salt, 5) },
      entry: { ...receipt, entry: middle(receipt.entry) },
      'hash of the path': { ...receipt, proof: flip(receipt.proof, receipt.proof.indexOf('\n', 30) + 8) },
      index: { ...receipt, proof: receipt.proof.replace(/index \d+/, `index ${receipt.index - 1}`) },
      root: {
        ...receipt,
        proof: receipt.proof.replace(
          note,
          note.replace(/\n.{10}/, (text) => flip(text, 5)),
        ),
      },
      'log’s signature': { ...receipt, proof: flip(receipt.proof, receipt.proof.indexOf('— ') + 60) },
      cosignature: { ...receipt, proof: flip(receipt.proof, receipt.proof.length - 20) },
      'without cosignature': { ...receipt, proof: receipt.proof.replace(/— witness.*\n/, '') },
      'not JSON': { ...receipt, body: '{' },
      nothing: { body: '', salt: '', entry: '', proof: '' },
    }
    for (const [what, changed] of Object.entries(receipts)) {
      t.notSame(changed, receipt, `${what} is changed`)
      t.notOk(verifyReceipt(changed, claim).mayClear, what)
    }
    // Another event of this log, as well proven.
    const sealed = await world.db
      .selectFrom('event')
      .innerJoin('leaf', 'leaf.event_id', 'event.id')
      .where('kind', '=', 'recording.sealed')
      .select(['body', 'salt', 'data'])
      .executeTakeFirstOrThrow()
    const event = { ...receipt, body: sealed.body, salt: sealed.salt.toString('hex'), entry: sealed.data.toString() }
    t.match(verifyReceipt(event, claim), { mayClear: false, why: /is not entry/ })
  })

  t.test('it was issued once, by one transaction, and rows are held against events', async (t) => {
    const events = await world.db.selectFrom('event').where('kind', '=', 'receipt.issued').select('id').execute()
    t.equal(events.length, 1)
    t.same(await dueReceipts(world.db, 10), [])
    const findings = async () => {
      const report = openReport()
      await checkRows(world.db, report)
      return report
        .findings()
        .map(({ check, subject }) => `${check} ${subject}`)
        .filter((finding) => finding.includes('receipt') || finding.includes('recording'))
    }
    t.same(await findings(), [])
    await world.asSuperuser((db) =>
      db
        .updateTable('receipt')
        .set({ issued_at: new Date(0) })
        .execute(),
    )
    t.match(await findings(), [/row_differs|receipt/])
    await world.asSuperuser((db) => db.deleteFrom('receipt').execute())
    t.match(await findings(), [/row_missing|receipt/])
  })

  t.test('a hand-in lists every file, another dock sees none', async (t) => {
    const answer = await ingest.call('GET', `/hand-ins/${handInId}/receipt`)
    t.match(await answer.json(), {
      files: [
        { number: 0, reason: 'not_sealed' },
        { number: 1, uploadId: String },
      ],
    })
    const stranger = await registerTestDock(world)
    for (const asked of [path, `/hand-ins/${handInId}`]) {
      t.equal((await ingest.call('GET', `${asked}/receipt`, { token: stranger.token })).status, 404)
      t.equal((await ingest.call('GET', `${asked}/receipt`, { token: null })).status, 401)
    }
  })
})

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
