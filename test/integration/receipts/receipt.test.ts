import { sql } from 'kysely'
import t from 'tap'
import { openReport } from '../../../services/custody/fsck/finding.ts'
import { checkRows } from '../../../services/custody/fsck/rows.ts'
import { dueReceipts, issueReceipt } from '../../../services/custody/receipts/receipt.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { generateSignerKey } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import type { DisclosedEvent } from '../../../services/ledger/verify/disclosed.ts'
import { verifyReceipt } from '../../../services/ledger/verify/receipt.ts'
import { createUpload, footage, hex, registerTestDock } from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import { makeWitness, name, openPlace, serial, startLoop, witnessNow } from './place.ts'

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
  const log = parseLogKeys(archive.log.verifierKeys)
  const claim = { log, policy: witness.policy, fileSha256: hex(bytes), bytes: bytes.length, deviceSerial: serial }
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
    const other = makeWitness()
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1)
    const middle = (text: string) => flip(text, Math.floor(text.length / 2))
    const note = receipt.proof.slice(receipt.proof.indexOf('\n\n') + 2)
    const claims: Record<string, typeof claim> = {
      'another file': { ...claim, fileSha256: hex(Buffer.from('x')) },
      'another length': { ...claim, bytes: claim.bytes + 1 },
      'another device': { ...claim, deviceSerial: 'DSJ0002' },
      'a digest that is none': { ...claim, fileSha256: '' },
      'another witness': { ...claim, policy: other.policy },
      'no witness asked for': { ...claim, policy: parsePolicy('quorum none\n') },
      'another log': { ...claim, log: parseLogKeys(generateSignerKey('other.test').verifierKey) },
      'another key of the log': { ...claim, log: parseLogKeys(generateSignerKey(log.origin).verifierKey) },
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
      'without the log’s Ed25519 signature': { ...receipt, proof: withoutLine(receipt.proof, `— ${log.origin} `, 0) },
      'without the log’s ML-DSA-44 signature': { ...receipt, proof: withoutLine(receipt.proof, `— ${log.origin} `, 1) },
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

  t.test('it was issued once, by one transaction, and rows are compared with events', async (t) => {
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
    const page = async (query: string) => (await ingest.call('GET', `/hand-ins/${handInId}/receipts${query}`)).json()
    t.match(await page('?limit=1'), { files: [{ number: 0, reason: 'not_sealed' }], next: 1 })
    t.match(await page('?from=1'), { files: [{ number: 1, uploadId: String }], next: null })
    t.match(await page('?from=2'), { files: [], next: null })
    t.equal((await ingest.call('GET', `/hand-ins/${handInId}/receipts?limit=501`)).status, 400)
    const stranger = await registerTestDock(world)
    const pages = await ingest.call('GET', `/hand-ins/${handInId}/receipts`, { token: stranger.token })
    t.equal(pages.status, 404)
    for (const asked of [path, `/hand-ins/${handInId}`]) {
      t.equal((await ingest.call('GET', `${asked}/receipt`, { token: stranger.token })).status, 404)
      t.equal((await ingest.call('GET', `${asked}/receipt`, { token: null })).status, 401)
    }
  })
})

/** The text without the n-th of its lines that begin so. */
function withoutLine(text: string, start: string, n: number): string {
  const lines = text.split('\n')
  const at = lines.flatMap((line, index) => (line.startsWith(start) ? [index] : []))[n]!
  return lines.toSpliced(at, 1).join('\n')
}
