import type { Selectable } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { UploadTable } from '../../foundation/db/schema/intake.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { isId, newId } from '../../foundation/id.ts'
import { originalKey } from '../../foundation/store/keys.ts'
import type { Subject } from '../../ledger/log/append.ts'
import { nameForEvent } from '../devices/name-profile.ts'
import type { SaidTime } from '../devices/said-time.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import { handInOfDock } from './hand-in.ts'
import { claimListedFile } from './hand-in-lines.ts'

export type UploadRow = Selectable<UploadTable>

/** What a dock says of a file when it begins to upload it. */
export interface UploadFacts {
  readonly deviceSerial: string
  /** Raw bytes as they stand on the device. */
  readonly name: Buffer
  readonly bytes: number
  readonly mark: boolean
  readonly deviceTime: SaidTime | null
  /** Device clock minus true time, as the dock measured it. */
  readonly clockOffsetMs: number | null
  readonly sha256: Buffer | null
  readonly handInId: string | null
  /** The file's number on the hand-in's list, from 0; null lets name and size decide. */
  readonly handInNumber: number | null
}

/** Whoever acts at a dock. */
export interface DockActor {
  readonly id: string
}

/** A dock that may sign. */
export interface SigningDock extends DockActor {
  /** Raw Ed25519 key. */
  readonly publicKey: Buffer
}

export interface UploadDeps {
  readonly db: Db
  readonly clock: Clock
}

const dayMs = 24 * 60 * 60_000
const mebibyte = 1024 * 1024
/** Of the 10,000 that S3 takes; some are left for parts that end with a PATCH. */
const partsMax = 9900

/**
 * Length of the parts that an upload is stored in; only the last may be shorter. S3 takes parts of 5 MiB at least and 10,000
 * of them at most: 5 MiB up to 48 GiB, more for larger files.
 */
export function partBytesFor(bytes: number): number {
  return Math.max(5 * mebibyte, Math.ceil(bytes / partsMax))
}

/** When an upload without a further byte expires. */
export function uploadExpiry(now: Date, idleDays: number): Date {
  return new Date(now.getTime() + idleDays * dayMs)
}

/**
 * Begins an upload: row, place on the hand-in's list and event in one transaction. An empty file is complete at once.
 *
 * @throws not_found when the hand-in is not this dock's.
 */
export async function createUpload(
  deps: UploadDeps,
  dock: DockActor,
  facts: UploadFacts,
  options: { idleDays: number; metadata: string | null },
): Promise<UploadRow> {
  const { clock } = deps
  const now = clock.now()
  const id = newId(now)
  return deps.db.transaction().execute(async (trx) => {
    const listed = await placeOnList(trx, dock, facts, id)
    const row = await insertUpload(trx, dock, facts, {
      id,
      now,
      declared: facts.sha256 ?? listed?.sha256 ?? null,
      clockOffsetMs: facts.clockOffsetMs ?? listed?.clockOffsetMs ?? null,
      expiresAt: uploadExpiry(now, options.idleDays),
      metadata: options.metadata,
    })
    await recordCreated(trx, clock, row, listed)
    return row
  })
}

/** A file that came whole in one request (multipart form): its bytes are in the store already, its size is known only now. */
export async function createReceivedUpload(
  deps: UploadDeps,
  dock: DockActor,
  facts: UploadFacts,
  received: {
    id: string
    key: string
    multipartId: string | null
    parts: readonly { number: number; bytes: number; etag: string }[]
    sha256: Buffer
    startedAt: Date
  },
): Promise<UploadRow> {
  const { clock } = deps
  return deps.db.transaction().execute(async (trx) => {
    const now = clock.now()
    const listed = await placeOnList(trx, dock, facts, received.id)
    const row = await insertUpload(trx, dock, facts, {
      id: received.id,
      now: received.startedAt,
      declared: facts.sha256 ?? listed?.sha256 ?? null,
      clockOffsetMs: facts.clockOffsetMs ?? listed?.clockOffsetMs ?? null,
      expiresAt: now,
      metadata: null,
      received: { ...received, completedAt: now },
    })
    if (received.parts.length > 0) {
      await trx
        .insertInto('upload_part')
        .values(received.parts.map((part) => ({ ...part, upload_id: received.id })))
        .execute()
    }
    await recordCreated(trx, clock, row, listed)
    return row
  })
}

/** The upload as its row stands now: for whoever holds its lease. */
export async function uploadById(db: Db, id: string): Promise<UploadRow> {
  return db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/**
 * The upload of this dock. Another dock's is as absent as one that never was, and the attempt is an event.
 *
 * @throws not_found
 */
export async function uploadOfDock(deps: UploadDeps, dock: DockActor, id: string): Promise<UploadRow> {
  const row = isId(id)
    ? await deps.db.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined
  if (row?.dock_id === dock.id) return row
  if (row) await refuseUpload(deps, dock, row, { reason: 'not_own' })
  throw new Fault('not_found', 'there is no such upload of this dock: begin a new one')
}

/** Writes that something about an upload was refused. The caller then throws its Fault. */
export async function refuseUpload(
  deps: UploadDeps,
  dock: DockActor,
  row: UploadRow,
  details: DetailsOf<'upload.refused'>,
): Promise<void> {
  await deps.db.transaction().execute((trx) =>
    recordEvent(trx, 'upload.refused', {
      clock: deps.clock,
      by: { id: dock.id, role: 'dock' },
      subjects: [{ type: 'upload', id: row.id }, { type: 'dock', id: dock.id }, ...recordingSubject(row)],
      details,
    }),
  )
}

async function recordCreated(trx: Trx, clock: Clock, row: UploadRow, listed: { line: number } | null): Promise<void> {
  await recordEvent(trx, 'upload.created', {
    ...uploadAct(clock, row),
    details: {
      name: nameForEvent(row.name),
      bytes: row.bytes,
      declaredSha256: row.declared_sha256?.toString('hex') ?? null,
      mark: row.mark,
      onList: row.hand_in_id === null ? null : listed !== null,
      ...(listed && { line: listed.line }),
    },
  })
}

/** Who acts on an upload, and what every event about it concerns. */
export function uploadAct(clock: Clock, row: UploadRow) {
  return {
    clock,
    by: { id: row.dock_id ?? 'ingest', role: row.dock_id ? 'dock' : 'service' },
    subjects: uploadSubjects(row),
  }
}

/** The subjects of an event about an upload. */
export function uploadSubjects(row: UploadRow): Subject[] {
  return [
    { type: 'upload', id: row.id },
    { type: 'device', id: row.device_serial },
    ...(row.dock_id ? [{ type: 'dock', id: row.dock_id }] : []),
    ...(row.hand_in_id ? [{ type: 'hand_in', id: row.hand_in_id }] : []),
  ]
}

function recordingSubject(row: UploadRow): Subject[] {
  return row.recording_id ? [{ type: 'recording', id: row.recording_id }] : []
}

async function placeOnList(trx: Trx, dock: DockActor, facts: UploadFacts, uploadId: string) {
  if (facts.handInId === null) return null
  const handIn = await handInOfDock(trx, dock.id, facts.handInId)
  if (!handIn) {
    throw new Fault('not_found', `handIn: this dock opened no hand-in ${facts.handInId}`, {
      details: { field: 'handIn' },
    })
  }
  if (handIn.deviceSerial !== facts.deviceSerial) return null
  const file = await claimListedFile(trx, { ...facts, handInId: handIn.id, uploadId })
  return file && { line: file.number, sha256: file.sha256, clockOffsetMs: handIn.clockOffsetMs }
}

async function insertUpload(
  trx: Trx,
  dock: DockActor,
  facts: UploadFacts,
  options: {
    id: string
    now: Date
    declared: Buffer | null
    clockOffsetMs: number | null
    expiresAt: Date
    metadata: string | null
    received?: { key: string; multipartId: string | null; sha256: Buffer; completedAt: Date }
  },
): Promise<UploadRow> {
  const { id, now, received } = options
  const completedAt = received?.completedAt ?? (facts.bytes === 0 ? now : null)
  return trx
    .insertInto('upload')
    .values({
      id,
      dock_id: dock.id,
      hand_in_id: facts.handInId,
      device_serial: facts.deviceSerial,
      name: facts.name,
      metadata: options.metadata,
      bytes: facts.bytes,
      received_bytes: completedAt ? facts.bytes : 0,
      mark: facts.mark,
      device_time: facts.deviceTime?.instant ?? null,
      device_time_text: facts.deviceTime?.text ?? null,
      clock_offset_ms: options.clockOffsetMs,
      declared_sha256: options.declared,
      dock_signature: null,
      dock_sm3: null,
      sha256: received?.sha256 ?? (completedAt ? sha256('') : null),
      state: completedAt ? 'complete' : 'receiving',
      object_key: received?.key ?? originalKey(id, now),
      multipart_id: received?.multipartId ?? null,
      part_bytes: partBytesFor(facts.bytes),
      created_at: now,
      last_byte_at: completedAt,
      completed_at: completedAt,
      expires_at: options.expiresAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}
