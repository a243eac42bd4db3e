import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { waitUntilCovered } from '../../ledger/log/covered.ts'
import { recordEvent } from '../events/record.ts'
import { type SessionLimits, type StandingLost, standingLost } from '../people/session.ts'
import { refuseAnothers } from '../roles/refusal.ts'
import type { Viewer } from '../roles/term.ts'
import { coverTimeoutMs } from '../viewing/open.ts'
import { type PackageRow, packageById, packageSubjects } from './package.ts'

/** A download that was begun longer ago is not taken up again: going on is a new one, with its own event. */
const resumeMs = 24 * 60 * 60_000

/**
 * How many bytes a download may lose to cuts. Bytes count as sent once the network has taken them, and what lay in the
 * buffers of a line that broke (some MiB on each side) never arrives: whoever goes on asks for it again.
 */
export const lostBytesMax = 16 * 1024 ** 2

export type ReadyPackage = PackageRow & {
  readonly object_key: string
  readonly version_id: string
  readonly bytes: number
  readonly sha256: Buffer
}

/**
 * The package that this person asked for, ready to be fetched. Another's is as if it were not there, and asking is an event;
 * so is his own with footage, once he is not the custodian in office any more, whatever else he is by then.
 *
 * @throws not_found; conflict while it is not ready; gone when its time is over
 */
export async function packageToDownload(db: Db, clock: Clock, viewer: Viewer, id: string): Promise<ReadyPackage> {
  const row = await packageById(db, id)
  const mayHaveFootage = viewer.role === 'custodian'
  if (!row || row.requested_by !== viewer.id || (row.with_footage && !mayHaveFootage)) {
    const subject = row ? { type: 'package', id } : null
    return refuseAnothers(db, clock, { actor: viewer, what: 'package', id, subject })
  }
  if (hasExpired(row, clock)) {
    throw new Fault('gone', 'the time of this package is over and its file was deleted: ask for a new one')
  }
  if (row.state !== 'ready') throw new Fault('conflict', `this package is not ready: it is ${row.state}`)
  return row as ReadyPackage
}

/**
 * Why a download that is under way may not go on, asked again while its bytes go out; null while it may.
 */
export async function downloadLost(
  db: Db,
  clock: Clock,
  asked: { viewer: Viewer; packageId: string; inUse: boolean },
  limits: SessionLimits,
): Promise<StandingLost | 'package_expired' | null> {
  const row = await packageById(db, asked.packageId)
  if (row?.state !== 'ready' || hasExpired(row, clock)) return 'package_expired'
  return standingLost(db, clock, { ...asked.viewer, inUse: asked.inUse }, limits)
}

function hasExpired(row: PackageRow, clock: Clock): boolean {
  return row.state === 'expired' || (row.expires_at !== null && row.expires_at <= clock.now())
}

/**
 * Takes note of a download before its first byte, and returns only when a signed checkpoint covers its event. One event
 * stands for one whole download in one session, however often it is cut and resumed: whoever asks from the first byte on,
 * or comes a day later or in another session, begins a new one. So does whoever has been sent so much that cuts cannot
 * explain it: `start` says how many bytes he has, and what was sent beyond that counts as lost. A download may lose less
 * than `lostBytesMax` bytes, and less than the whole file. So a cut download goes on as the same one, whether or not the
 * bytes of the answer that was cut have been counted by then.
 *
 * Returns the answer that now goes out, which `endAnswer` ends. `start` and `end` are the first and the last byte asked for.
 *
 * @throws ledger_behind
 */
export async function beginDownload(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  asked: { file: ReadyPackage; start: number; end: number },
): Promise<{ downloadId: string; answerId: string }> {
  const download = await db.transaction().execute(async (trx) => {
    const begun = asked.start > 0 ? await lastDownload(trx, viewer, asked, clock.now()) : undefined
    return begun ?? (await insertDownload(trx, clock, viewer, asked.file))
  })
  await waitUntilCovered(db, download.eventId, { timeoutMs: coverTimeoutMs })
  const answerId = newId(clock.now())
  await db
    .insertInto('download_answer')
    .values({
      id: answerId,
      download_id: download.id,
      first_byte: asked.start,
      last_byte: asked.end,
      seen_at: clock.now(),
    })
    .execute()
  return { downloadId: download.id, answerId }
}

async function lastDownload(trx: Trx, viewer: Viewer, asked: { file: ReadyPackage; start: number }, now: Date) {
  const { file, start } = asked
  return trx
    .selectFrom('package_download')
    .where('package_id', '=', file.id)
    .where('person_id', '=', viewer.id)
    .where('session_hash', '=', viewer.sessionHash)
    .where('started_at', '>', new Date(now.getTime() - resumeMs))
    .where('sent_bytes', '<', start + Math.min(file.bytes, lostBytesMax))
    .select(['id', 'event_id as eventId'])
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

async function insertDownload(trx: Trx, clock: Clock, viewer: Viewer, file: ReadyPackage) {
  const id = newId(clock.now())
  const event = await recordEvent(trx, 'package.downloaded', {
    clock,
    by: viewer,
    subjects: packageSubjects({ id: file.id, caseNumber: file.case_number }, viewer.id),
    details: { downloadId: id, bytes: file.bytes, sha256: file.sha256.toString('hex'), withFootage: file.with_footage },
  })
  await trx
    .insertInto('package_download')
    .values({
      id,
      package_id: file.id,
      person_id: viewer.id,
      session_hash: viewer.sessionHash,
      event_id: event.id,
      started_at: event.at,
    })
    .execute()
  return { id, eventId: event.id }
}
