import { createPublicKey, verify } from 'node:crypto'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { sha256 } from '../../foundation/hash.ts'
import { isId, newId } from '../../foundation/id.ts'
import { canonicalBytes, type JsonValue } from '../../ledger/format/canonical.ts'
import { recordEvent } from '../events/record.ts'

/** One line of a dock's list. */
export interface ListedFile {
  /** base64 of the raw file name. */
  readonly name: string
  readonly bytes: number
  readonly sha256?: string
  readonly deviceTime?: string
  readonly mark: boolean
}

/** What the dock signs: every file it saw on the device, before it sends the first byte. */
export interface HandInList {
  readonly serial: string
  readonly openedAt: string
  readonly clockOffsetMs?: number
  readonly files: readonly ListedFile[]
}

export interface HandIn {
  readonly id: string
  readonly deviceSerial: string
  readonly openedAt: Date
  readonly clockOffsetMs: number | null
}

/** How one file of a list stands; `expected` is one that nothing was sent for, or whose upload came to nothing. */
export const listedFileStates = ['expected', 'receiving', 'complete', 'sealed', 'quarantined', 'duplicate'] as const
export type ListedFileState = (typeof listedFileStates)[number]

/**
 * Opens a hand-in: checks the dock's Ed25519 signature over the canonical form (RFC 8785) of the list, keeps both as they
 * are, and writes the event. The same signed list again (the answer was lost) gives the same hand-in.
 *
 * @throws bad_request when the signature does not fit: nothing is kept then.
 */
export async function openHandIn(
  deps: { db: Db; clock: Clock },
  dock: { id: string; publicKey: Buffer },
  list: HandInList,
  signature: Buffer,
): Promise<{ id: string; created: boolean }> {
  const listBytes = Buffer.from(canonicalBytes(list as unknown as JsonValue))
  if (!isSignedBy(dock.publicKey, listBytes, signature)) {
    throw new Fault('bad_request', "signature: not this dock's Ed25519 signature over the list in canonical form", {
      details: { field: 'signature' },
    })
  }
  const known = await deps.db
    .selectFrom('hand_in')
    .select('id')
    .where('dock_id', '=', dock.id)
    .where('device_serial', '=', list.serial)
    .where('signature', '=', signature)
    .executeTakeFirst()
  if (known) return { id: known.id, created: false }
  const id = newId(deps.clock.now())
  await deps.db.transaction().execute(async (trx) => {
    const { at } = await recordEvent(trx, 'hand_in.opened', {
      clock: deps.clock,
      by: { id: dock.id, role: 'dock' },
      subjects: [
        { type: 'hand_in', id },
        { type: 'device', id: list.serial },
        { type: 'dock', id: dock.id },
      ],
      details: {
        files: list.files.length,
        bytes: list.files.reduce((sum, file) => sum + file.bytes, 0),
        listSha256: sha256(listBytes).toString('hex'),
        signature: signature.toString('base64'),
        openedAt: list.openedAt,
        clockOffsetMs: list.clockOffsetMs ?? null,
      },
    })
    await trx
      .insertInto('hand_in')
      .values({ id, dock_id: dock.id, device_serial: list.serial, list: listBytes, signature, opened_at: at })
      .execute()
    await insertFiles(trx, id, list.files)
  })
  return { id, created: true }
}

/** The hand-in, if this dock opened it. */
export async function handInOfDock(db: Db, dockId: string, id: string): Promise<HandIn | null> {
  if (!isId(id)) return null
  const row = await db
    .selectFrom('hand_in')
    .select(['id', 'device_serial', 'opened_at', 'list'])
    .where('id', '=', id)
    .where('dock_id', '=', dockId)
    .executeTakeFirst()
  if (!row) return null
  const list = JSON.parse(row.list.toString('utf8')) as HandInList
  const clockOffsetMs = list.clockOffsetMs ?? null
  return { id: row.id, deviceSerial: row.device_serial, openedAt: row.opened_at, clockOffsetMs }
}

/**
 * Takes the list's line for an upload: by number when one is given, else the first with this name and size. A line whose
 * upload is complete or sealed stays with it; one whose upload came to nothing, or is beginning anew, is taken over.
 * Null when the list holds no such file.
 */
export async function claimListedFile(
  trx: Trx,
  wanted: { handInId: string; handInNumber: number | null; name: Buffer; bytes: number; uploadId: string },
): Promise<{ number: number; sha256: Buffer | null } | null> {
  const candidates = await trx
    .selectFrom('hand_in_file')
    .leftJoin('upload', 'upload.id', 'hand_in_file.upload_id')
    .where('hand_in_file.hand_in_id', '=', wanted.handInId)
    .where('hand_in_file.name', '=', wanted.name)
    .where('hand_in_file.bytes', '=', wanted.bytes)
    .select(['hand_in_file.number', 'hand_in_file.sha256', 'upload.state as state'])
    .orderBy('hand_in_file.number')
    .forUpdate('hand_in_file')
    .execute()
  const line = candidates.find(
    ({ number, state }) =>
      (wanted.handInNumber === null || wanted.handInNumber === number) && state !== 'complete' && state !== 'sealed',
  )
  if (!line) return null
  await trx
    .updateTable('hand_in_file')
    .set({ upload_id: wanted.uploadId })
    .where('hand_in_id', '=', wanted.handInId)
    .where('number', '=', line.number)
    .execute()
  return { number: line.number, sha256: line.sha256 }
}

/** Every file of a hand-in's list and how it stands. */
export async function handInFiles(db: Db, handInId: string) {
  const rows = await db
    .selectFrom('hand_in_file')
    .leftJoin('upload', 'upload.id', 'hand_in_file.upload_id')
    .where('hand_in_file.hand_in_id', '=', handInId)
    .select([
      'hand_in_file.number',
      'hand_in_file.name',
      'hand_in_file.bytes',
      'hand_in_file.upload_id',
      'upload.state',
      'upload.recording_id',
    ])
    .orderBy('hand_in_file.number')
    .execute()
  return rows.map((row) => ({
    number: row.number,
    name: row.name,
    bytes: row.bytes,
    uploadId: row.upload_id,
    recordingId: row.recording_id,
    state: listedState(row.state),
  }))
}

function listedState(state: string | null): ListedFileState {
  if (state === null || state === 'terminated' || state === 'expired') return 'expected'
  return state as ListedFileState
}

async function insertFiles(trx: Trx, handInId: string, files: readonly ListedFile[]): Promise<void> {
  const rows = files.map((file, number) => ({
    hand_in_id: handInId,
    number,
    name: Buffer.from(file.name, 'base64'),
    bytes: file.bytes,
    sha256: file.sha256 === undefined ? null : Buffer.from(file.sha256, 'hex'),
  }))
  // PostgreSQL takes 65,535 parameters in one statement.
  for (let start = 0; start < rows.length; start += 5000) {
    await trx
      .insertInto('hand_in_file')
      .values(rows.slice(start, start + 5000))
      .execute()
  }
}

function isSignedBy(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
  })
  return verify(null, message, key, signature)
}
