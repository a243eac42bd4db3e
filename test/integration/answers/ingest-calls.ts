import { randomBytes } from 'node:crypto'
import { makeEnrolment } from '../../../services/custody/docks/enrolment.ts'
import {
  createUpload,
  footage,
  hex,
  type IngestWorld,
  metadata,
  openTestHandIn,
  patch,
  signedList,
  stateOf,
} from '../../support/ingest.ts'
import { copyAndVerify } from '../../support/populate.ts'
import type { CallOptions, DocumentedServer } from './caller.ts'
import { releasedCard } from './hand-in-calls.ts'

/** Calls each route of ingest as its docks do. What is refused without a dock's token is tested for all routes alike. */
export async function callIngest(ingest: IngestWorld, server: DocumentedServer): Promise<void> {
  const dock = (name: string, status: number, options: CallOptions = {}) =>
    server.call(ingest.dock.token, name, status, {
      ...options,
      headers: { 'tus-resumable': '1.0.0', ...options.headers },
    })
  await server.call(null, 'GET /healthz', 200)
  await server.call(null, 'GET /readyz', 200)
  await server.call(null, 'OPTIONS /uploads', 204)
  await server.call(null, 'OPTIONS /uploads/{id}', 204)

  const bytes = footage(50_000)
  const file = { name: Buffer.from('DSJ0001_1.MP4').toString('base64'), bytes: bytes.length, mark: false }
  const list = signedList(ingest.dock, { serial: 'DSJ0001', openedAt: '2026-11-20T18:00:00+08:00', files: [file] })
  const handIn = { body: list, headers: { 'content-type': 'application/json' } }
  const { id } = (await dock('POST /hand-ins', 201, handIn)).body
  await dock('POST /hand-ins', 200, handIn)
  await dock('POST /hand-ins', 400, { body: {} })
  await dock('GET /hand-ins/{id}', 200, { with: { id } })
  await dock('GET /hand-ins/{id}', 404)
  await dock('GET /hand-ins/{id}/receipt', 200, { with: { id } })
  await dock('GET /hand-ins/{id}/receipt', 404)
  await dock('GET /hand-ins/{id}/receipts', 200, { with: { id } })
  await dock('GET /hand-ins/{id}/receipts', 404)

  const facts = metadata({ serial: 'DSJ0001', filename: 'DSJ0001_1.MP4' })
  const creation = { headers: { 'upload-length': String(bytes.length), 'upload-metadata': facts } }
  const begin = async () => ({
    id: (await dock('POST /uploads', 201, creation)).headers.get('location')!.split('/')[2]!,
  })
  await dock('POST /uploads', 400)
  await dock('POST /uploads', 412, { headers: { 'tus-resumable': '0.1.0' } })
  const upload = await begin()
  await dock('HEAD /uploads/{id}', 200, { with: upload })
  await dock('HEAD /uploads/{id}', 404)
  await dock('POST /uploads/{id}', 200, { with: upload, headers: { 'x-http-method-override': 'HEAD' } })
  const sending = (offset: number) => ({
    with: upload,
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
    body: bytes,
  })
  await dock('PATCH /uploads/{id}', 409, sending(1))
  await dock('PATCH /uploads/{id}', 204, sending(0))
  await dock('GET /uploads/{id}', 200, { with: upload })
  await dock('PUT /uploads/{id}/digest', 400, { with: upload, body: { sha256: 'none' } })
  await dock('PUT /uploads/{id}/digest', 204, { with: upload, body: { sha256: hex(bytes) } })
  await dock('GET /uploads/{id}/receipt', 200, { with: upload })
  await dock('DELETE /uploads/{id}', 204, { with: await begin() })
  await dock('POST /uploads/{id}', 204, { with: await begin(), headers: { 'x-http-method-override': 'DELETE' } })

  await callSaid(dock, id)
  await callDock(ingest, dock)
  await callClearings(ingest, dock)

  const form = new FormData()
  for (const [name, value] of Object.entries({ serial: 'DSJ0001', filename: 'DSJ0001_2.WAV' })) form.set(name, value)
  form.set('file', new Blob([footage(1000, 'form')]))
  await dock('POST /footage', 201, { body: form })
  await dock('POST /footage', 415, { body: {} })
}

type Call = (
  name: string,
  status: number,
  options?: CallOptions,
) => Promise<Awaited<ReturnType<DocumentedServer['call']>>>

/** What a dock asks and says of itself. */
async function callDock(ingest: IngestWorld, dock: Call): Promise<void> {
  const { db, clock } = ingest
  const { id } = await db
    .selectFrom('person')
    .select('id')
    .where('role', '=', 'administrator')
    .executeTakeFirstOrThrow()
  const { code } = await makeEnrolment(db, clock, { id, role: 'administrator' }, '三大队采集站')
  const enrolling = { code, publicKey: randomBytes(32).toString('base64'), version: '1.0.0' }
  await dock('POST /docks/enrol', 201, { body: enrolling })
  await dock('POST /docks/enrol', 401, { body: enrolling })
  await dock('GET /docks/me/register', 200)
  const state = {
    ...{ version: '1.0.0', slots: 24, slotsUsed: 1, spoolBytes: 1, spoolUsedBytes: 0, waitingBytes: 0 },
    ...{ clock: 'proven', offlineSince: null, attention: [] },
  }
  await dock('PUT /docks/me/state', 204, { body: state })
  await dock('PUT /docks/me/state', 400, { body: { ...state, clock: 'wound' } })
  const report = { id: 'r-1', saidAt: '2026-11-20T18:00:00+08:00', kind: 'unlocked', serial: 'DSJ0001' }
  await dock('POST /docks/me/reports', 204, { body: { ...report, profile: 'vendor-b', ok: true } })
  await dock('POST /docks/me/reports', 400, { body: report })
}

/** What a dock passes on of a hand-in, and who stands there. */
async function callSaid(dock: Call, handInId: string): Promise<void> {
  const one = { with: { id: handInId } }
  const shown = { serial: 'DSJ0001', handInId, card: releasedCard }
  const { person, grade } = (await dock('POST /docks/me/identify', 200, { body: shown })).body
  await dock('POST /docks/me/identify', 403, { body: { ...shown, card: '0000000000' } })
  const by = { personId: person.id, grade }
  const saidAt = '2026-11-20T18:02:11+08:00'
  const gap = {
    ...{ gapId: 'g-1', kind: 'number', beforeNumber: 0, afterNumber: null, missingNumbers: 2 },
    ...{ fromTime: null, toTime: null, lengthMs: null, proposed: null },
  }
  await dock('POST /hand-ins/{id}/gaps', 204, { ...one, body: { id: 'm-1', gaps: [gap] } })
  await dock('POST /hand-ins/{id}/gaps', 409, { ...one, body: { id: 'm-2', gaps: [{ ...gap, missingNumbers: 3 }] } })
  const explanation = { id: 'm-3', gapId: 'g-1', reason: 'operating_error', words: null, by, saidAt }
  await dock('POST /hand-ins/{id}/explanations', 204, { ...one, body: explanation })
  await dock('POST /hand-ins/{id}/explanations', 404, { ...one, body: { ...explanation, id: 'm-4', gapId: 'g-2' } })
  const statement = { id: 'm-5', kind: 'no_number_yet', numbers: [0], words: null, by, saidAt }
  await dock('POST /hand-ins/{id}/statements', 204, { ...one, body: statement })
  await dock('POST /hand-ins/{id}/statements', 400, { ...one, body: { ...statement, id: 'm-6', numbers: [1] } })
}

/** A clearing of a file whose receipt is made up here: issuing one needs the archive. */
async function callClearings(ingest: IngestWorld, dock: Call): Promise<void> {
  const { db, clock } = ingest
  const bytes = footage(500, 'cleared')
  const name = Buffer.from('DSJ0001_3.MP4').toString('base64')
  const origin = { kind: 'mass_storage', from: null } as const
  const handIn = await openTestHandIn(ingest, { serial: 'DSJ0001', origin, files: [{ name, bytes: bytes.length }] })
  const path = await createUpload(ingest, bytes.length, {
    ...{ serial: 'DSJ0001', filename: 'DSJ0001_3.MP4', handIn, sha256: hex(bytes) },
  })
  await patch(ingest, path, 0, bytes)
  const recordingId = `${await ingest.until(async () => (await stateOf(ingest, path)).recordingId)}`
  await copyAndVerify(ingest, recordingId, bytes)
  const event = await ingest.until(() =>
    db
      .selectFrom('event')
      .where('kind', '=', 'recording.secured')
      .where('leaf_index', 'is not', null)
      .select(['id', 'leaf_index'])
      .orderBy('committed_at', 'desc')
      .executeTakeFirst(),
  )
  const issued_at = new Date(clock.now().getTime() - 25 * 60 * 60_000)
  await db.insertInto('receipt').values({ recording_id: recordingId, event_id: event.id, issued_at }).execute()
  const file = { number: 0, sha256: hex(bytes), basis: 'before_witness', receiptIndex: event.leaf_index }
  const body = { id: 'c-1', files: [file] }
  const { id } = (await dock('POST /hand-ins/{id}/clearings', 201, { with: { id: handIn }, body })).body
  await dock('POST /hand-ins/{id}/clearings', 404, { body: { ...body, id: 'c-2' } })
  await dock('POST /clearings/{id}/end', 400, { with: { id }, body: { cleared: [], left: [] } })
  await dock('POST /clearings/{id}/end', 204, { with: { id }, body: { cleared: [0], left: [] } })
}
