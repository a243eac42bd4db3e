import type { Selectable } from 'kysely'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { HandInFileTable } from '../../foundation/db/schema/intake.ts'
import { type HandInLine, lineDigest } from '../../ledger/format/hand-in-list.ts'
import { listedRecording, listedState } from '../devices/listed-file.ts'

/** A line of a dock's list, with the salt that its digest was made with. */
export interface SaltedLine extends HandInLine {
  readonly salt: Buffer
}

type StoredLine = Omit<Selectable<HandInFileTable>, 'hand_in_id' | 'upload_id'>

/** The line as the dock wrote it. */
export function lineOf(stored: StoredLine): HandInLine {
  return {
    number: stored.number,
    name: stored.name.toString('base64'),
    bytes: stored.bytes,
    sha256: stored.sha256?.toString('hex') ?? null,
    deviceTime: stored.device_time,
    mark: stored.mark,
  }
}

/** The digest that the signed root commits to. */
export function storedLineDigest(stored: StoredLine): Buffer {
  return lineDigest(lineOf(stored), stored.salt)
}

export async function insertLines(trx: Trx, handInId: string, lines: readonly SaltedLine[]): Promise<void> {
  const rows = lines.map((line) => ({
    hand_in_id: handInId,
    number: line.number,
    name: Buffer.from(line.name, 'base64'),
    bytes: line.bytes,
    sha256: line.sha256 === null ? null : Buffer.from(line.sha256, 'hex'),
    device_time: line.deviceTime,
    mark: line.mark,
    salt: line.salt,
  }))
  // PostgreSQL takes 65,535 parameters in one statement.
  for (let start = 0; start < rows.length; start += 5000) {
    await trx
      .insertInto('hand_in_file')
      .values(rows.slice(start, start + 5000))
      .execute()
  }
}

/**
 * Takes the list's line for an upload: by number when one is given, else the first with this name and size. A line whose
 * upload is complete, sealed or in quarantine stays with it: other bytes that come for it stand on no list. One whose upload came to nothing, or is beginning anew, is taken over.
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
      (wanted.handInNumber === null || wanted.handInNumber === number) &&
      state !== 'complete' &&
      state !== 'sealed' &&
      state !== 'quarantined',
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

/** The files of a hand-in's list and how each stands: all of them, or up to `limit` from the line `from` on. */
export async function handInFiles(db: Db, handInId: string, page: { from: number; limit: number } | null = null) {
  let query = db
    .selectFrom('hand_in_file as file')
    .leftJoin('upload', 'upload.id', 'file.upload_id')
    .where('file.hand_in_id', '=', handInId)
    .select(['file.number', 'file.name', 'file.bytes', 'file.upload_id', 'upload.completed_at'])
    .select([listedState.as('state'), listedRecording.as('recording_id')])
    .orderBy('file.number')
  if (page) query = query.where('file.number', '>=', page.from).limit(page.limit)
  const rows = await query.execute()
  return rows.map((row) => ({
    number: row.number,
    name: row.name,
    bytes: row.bytes,
    uploadId: row.upload_id,
    recordingId: row.recording_id,
    state: row.state,
    completedAt: row.completed_at,
  }))
}
