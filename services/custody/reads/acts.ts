import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { magicBytes } from '../devices/media-kind.ts'
import type { DetailsOf, EventKind } from '../events/kinds.ts'
import { detailsOf } from '../events/read.ts'
import { fsckSubjectText } from '../fsck/record.ts'
import type { JudgedRead } from './reported-read.ts'
import { recordingIdOf, type Target } from './target.ts'

/** Something that was to be done, and how many bytes of one object on one store it may read. */
export interface Act {
  /** Kind and id, as store_read.explained_by keeps it. */
  readonly name: string
  readonly bytesMax: number
}

const sealKinds: readonly EventKind[] = ['recording.sealed', 'recording.quarantined', 'recording.duplicate']
const checkKinds: readonly EventKind[] = ['fsck.started', 'fsck.completed']
/** Clocks of stores and services may differ by this much (the lock canary's limit), and rows are written after reads. */
const slackMs = 60_000
const slack = sql.raw(`interval '${slackMs} ms'`)
/** Runs that were killed are not counted on the job's row. */
const killedRunsMax = 2

/**
 * Acts that let this credential read this object at that time, the likeliest first. A credential that is not listed reads
 * nothing that anything explains: root, disposal, unknown keys.
 */
export async function actsOfCredential(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  switch (read.credential) {
    case 'access':
      if (target.kind === 'rendition') return viewings(db, read, target)
      return target.kind === 'package' ? downloads(db, read, target) : chains(db, read, target)
    case 'worker':
      // The originals' copies are its work; of a supplied film there is none.
      if (target.kind === 'supplied') return []
      return [
        ...(await jobsOf(db, read, target, read.store === 'primary' ? { checksum: 2, copy: 3 } : { copy: 4 })),
        ...(await rereads(db, read, target)),
      ]
    case 'transcode':
      // Twice when what came first is not what was sealed, and once more in parts for the preview.
      return jobsOf(db, read, target, { transcode: 3, transcode_long: 3 })
    case 'package':
      return packages(db, read, target)
    case 'ingest':
      return seals(db, read, target)
    case 'auditor':
      return checks(db, read, target)
    default:
      return []
  }
}

/** Each file that was served to a viewer is a row; one row explains one read of the file. */
async function viewings(db: Db, read: JudgedRead, target: Target & { kind: 'rendition' }): Promise<Act[]> {
  const { rows } = await sql<{ id: string }>`
    select served.id from viewing_served served join viewing on viewing.id = served.viewing_id
    where viewing.rendition_id = ${target.file.renditionId} and served.track = ${target.file.track}
      and served.kind = ${target.file.kind} and served.number = ${target.file.number}
      and served.served_at between ${read.started_at}::timestamptz - ${slack} and ${read.at}::timestamptz + ${slack}
      and not exists (select from store_read used where used.explained_by = 'viewing:' || served.id)
    order by abs(extract(epoch from served.served_at - ${read.at}::timestamptz)) limit 1`.execute(db)
  return rows.map(({ id }) => ({ name: `viewing:${id}`, bytesMax: target.bytes }))
}

/** One event stands for a whole download; where it was cut, bytes that were on their way were read for nothing. */
async function downloads(db: Db, read: JudgedRead, target: Target & { kind: 'package' }): Promise<Act[]> {
  const { rows } = await sql<{ id: string }>`
    select id from package_download where package_id = ${target.packageId}
      and started_at between ${read.started_at}::timestamptz - interval '24 hours' - ${slack}
        and ${read.started_at}::timestamptz + ${slack}
    order by started_at desc limit 20`.execute(db)
  return rows.map(({ id }) => ({ name: `download:${id}`, bytesMax: 2 * target.bytes }))
}

/** Chains whose copies were read again: the event, written at the end, says since when. */
async function chains(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  const recordingId = recordingIdOf(target)
  if (target.kind !== 'original' || !recordingId) return []
  const { rows } = await sql<{ id: string; body: string }>`
    select event.id, event.body from case_recording
      join case_file on case_file.id = case_recording.case_id
      join event on event.subjects @> array['case:' || case_file.number]
    where case_recording.recording_id = ${recordingId} and event.kind = ${'chain.read' satisfies EventKind}
      and event.at > ${read.started_at}::timestamptz - ${slack}
    order by event.at limit 100`.execute(db)
  return rows
    .filter(({ body }) => {
      const details = storedDetails('chain.read', body)
      return details?.objects && Date.parse(details.startedAt) < read.started_at.getTime() + slackMs
    })
    .map(({ id }) => ({ name: `chain:${id}`, bytesMax: target.bytes }))
}

/** The recording's jobs while they were pending; `reads` says how often one run of each reads the object at most. */
async function jobsOf(
  db: Db,
  read: JudgedRead,
  target: Target,
  reads: Readonly<Record<string, number>>,
): Promise<Act[]> {
  const recordingId = recordingIdOf(target)
  if (!recordingId || target.kind === 'unknown') return []
  const rows = await jobRows(db, read, Object.keys(reads), [recordingId])
  return rows.map(({ id, name, attempts }) => ({
    name: `job_${name}:${id}`,
    bytesMax: reads[name]! * (attempts + 1 + killedRunsMax) * target.bytes,
  }))
}

/** Of each upload that handed the recording in again, the job that reads every copy of it. */
async function rereads(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  const recordingId = recordingIdOf(target)
  if (!recordingId || target.kind !== 'original') return []
  const uploads = db.selectFrom('upload').where('recording_id', '=', recordingId).where('state', '=', 'duplicate')
  const ids = (await uploads.select('id').execute()).map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await jobRows(db, read, ['reread'], ids)
  // Twice when what came first is not what was sealed.
  return rows.map(({ id, attempts }) => ({
    name: `job_reread:${id}`,
    bytesMax: 2 * (attempts + 1 + killedRunsMax) * target.bytes,
  }))
}

/** A package's job reads the recordings of its case, and their playable forms. */
async function packages(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  const recordingId = recordingIdOf(target)
  if (!recordingId || target.kind === 'unknown' || target.kind === 'supplied') return []
  const ordered = await db
    .selectFrom('package')
    .innerJoin('case_recording', 'case_recording.case_id', 'package.case_id')
    .where('case_recording.recording_id', '=', recordingId)
    .where('package.with_footage', '=', true)
    .where('package.decided_at', 'is not', null)
    .select('package.id')
    .distinct()
    .execute()
  const ids = ordered.map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await jobRows(db, read, ['package'], ids)
  return rows.map(({ id, attempts }) => ({
    name: `job_package:${id}`,
    bytesMax: 2 * (attempts + 1 + killedRunsMax) * target.bytes,
  }))
}

async function jobRows(db: Db, read: JudgedRead, names: string[], subjects: string[]) {
  const { rows } = await sql<{ id: string; name: string; attempts: number }>`
    select id, name, attempts from job
    where subject_id = any(${subjects}::uuid[]) and name = any(${names}::text[])
      and created_at < ${read.started_at}::timestamptz + ${slack}
      and (finished_at is null or finished_at > ${read.started_at}::timestamptz - ${slack})
    order by created_at limit 50`.execute(db)
  return rows
}

/** Ingest reads a version's first bytes for the seal, and all of it when the running digest died with its process. */
async function seals(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  if (target.kind !== 'original' || !target.uploadId || read.store !== 'primary') return []
  const { rows } = await sql<{ id: string }>`
    select upload.id from upload
    where upload.id = ${target.uploadId} and upload.completed_at < ${read.started_at}::timestamptz + ${slack}
      and (upload.state = 'complete' or exists (
        select from event where event.subjects @> array['upload:' || upload.id]
          and event.kind = any(${[...sealKinds]}::text[])
          and event.at > ${read.started_at}::timestamptz - ${slack}))`.execute(db)
  return rows.map(({ id }) => ({
    name: `seal:${id}`,
    bytesMax: (1 + killedRunsMax) * (target.bytes + 2 * Math.min(magicBytes, target.bytes)),
  }))
}

/** Each check that reads objects says when it began and ended, and reads each object once. */
async function checks(db: Db, read: JudgedRead, target: Target): Promise<Act[]> {
  if (target.kind === 'package' || target.kind === 'unknown') return []
  const { rows } = await sql<{ id: string; at: Date; body: string }>`
    select id, at, body from event
    where subjects @> array[${fsckSubjectText}] and kind = any(${[...checkKinds]}::text[])
      and at > ${read.started_at}::timestamptz - interval '14 days'
    order by at desc limit 200`.execute(db)
  const ended = new Map(rows.map(({ at, body }) => [storedDetails('fsck.completed', body)?.runId, at.getTime()]))
  return rows
    .filter(({ at, body }) => {
      const started = storedDetails('fsck.started', body)
      if (!started || started.objects === 'none') return false
      const endMs = ended.get(started.runId) ?? Number.POSITIVE_INFINITY
      const startedMs = read.started_at.getTime()
      return at.getTime() < startedMs + slackMs && endMs > startedMs - slackMs
    })
    .map(({ id }) => ({ name: `fsck:${id}`, bytesMax: target.bytes }))
}

/** What an event of this kind says; null for another one, or when its body was changed, which fsck names. */
function storedDetails<Kind extends EventKind>(kind: Kind, text: string): DetailsOf<Kind> | null {
  const body = bodyOrNull(text)
  return body && detailsOf(kind, body)
}
