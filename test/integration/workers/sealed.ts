import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { sql } from 'kysely'
import { firstLockEnd } from '../../../services/custody/copies/object-lock.ts'
import { nameForEvent } from '../../../services/custody/devices/name-profile.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import type { QuarantineReason } from '../../../services/foundation/db/words.ts'
import { hashStream } from '../../../services/foundation/hash.ts'
import { newId } from '../../../services/foundation/id.ts'
import { type RecordingJob, recordingJobs } from '../../../services/foundation/queue/jobs.ts'
import { enqueue } from '../../../services/foundation/queue/outbox.ts'
import { originalKey } from '../../../services/foundation/store/keys.ts'
import type { ObjectVersion } from '../../../services/foundation/store/store.ts'
import type { World } from '../../support/world.ts'

export interface Sealed {
  readonly id: string
  readonly object: ObjectVersion
  readonly sha256: Buffer
  readonly bytes: number
  /** Job row ids by name. */
  readonly jobs: Readonly<Record<RecordingJob, string>>
}

/**
 * A recording as the seal leaves it: bytes locked on the primary, row, copy, event and its three jobs. `sealedAs` are the
 * bytes the ledger believes in, when the stored ones are to differ.
 */
export async function sealRecording(
  world: World,
  source: Buffer | string = randomBytes(100_000),
  options: { sealedAs?: Buffer; quarantineReason?: QuarantineReason } = {},
): Promise<Sealed> {
  const { stores, clock, db } = world
  const now = clock.now()
  const id = newId(now)
  const key = originalKey(id, now)
  const bytes = typeof source === 'string' ? (await stat(source)).size : source.length
  const object =
    typeof source === 'string'
      ? await stores.primary.putStream('originals', key, createReadStream(source), { bytes })
      : await stores.primary.put('originals', key, source)
  const believed = options.sealedAs ?? source
  const read = typeof believed === 'string' ? createReadStream(believed) : oneChunk(believed)
  const digests = await hashStream(read, { sm3: false })
  const retainUntil = firstLockEnd(now, 1)
  await stores.primary.lock(object, retainUntil)
  const name = Buffer.from(`${id}.MP4`)
  const deviceSerial = `T${id.slice(-12)}`
  await db.transaction().execute(async (trx) => {
    const act = {
      clock,
      by: { id: 'ingest', role: 'service' },
      subjects: [
        { type: 'recording', id },
        { type: 'upload', id },
        { type: 'device', id: deviceSerial },
      ],
    }
    const details = {
      flags: ['no_list' as const],
      name: nameForEvent(name),
      bytes: digests.bytes,
      sha256: digests.sha256.toString('hex'),
      declaredSha256: null,
      listedSha256: null,
      mark: false,
      mediaKind: 'unknown' as const,
      deviceTime: null,
      clockOffsetMs: null,
      correctedTime: null,
      copy: {
        store: 'primary' as const,
        host: stores.primary.hostName,
        key: object.key,
        versionId: object.versionId,
        retainUntil: retainUntil.toISOString(),
        legalHold: true,
      },
    }
    const reason = options.quarantineReason
    const { at } = reason
      ? await recordEvent(trx, 'recording.quarantined', { ...act, details: { ...details, reason } })
      : await recordEvent(trx, 'recording.sealed', { ...act, details: { ...details, reason: null } })
    await trx
      .insertInto('recording')
      .values({
        id,
        // the same file of another device is another recording
        user_grade: 'unknown',
        device_serial: deviceSerial,
        name,
        media_kind: 'unknown',
        bytes: digests.bytes,
        sha256: digests.sha256,
        mark: false,
        state: 'sealed',
        quarantine_reason: options.quarantineReason ?? null,
        sealed_at: at,
      })
      .execute()
    await trx
      .insertInto('copy')
      .values({
        recording_id: id,
        store: 'primary',
        object_key: object.key,
        version_id: object.versionId,
        host_name: stores.primary.hostName,
        state: 'stored',
        retain_until: retainUntil,
        legal_hold: true,
        stored_at: at,
      })
      .execute()
    for (const name of recordingJobs) await enqueue(trx, { name, subjectId: id, now })
  })
  const rows = await db.selectFrom('job').select(['id', 'name']).where('subject_id', '=', id).execute()
  const jobs = Object.fromEntries(rows.map((row) => [row.name, row.id])) as Record<RecordingJob, string>
  return { id, object, sha256: digests.sha256, bytes: digests.bytes, jobs }
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/** How many events of each kind there are about a recording. */
export async function eventsOf(world: World, recordingId: string): Promise<Record<string, number>> {
  const rows = await world.db
    .selectFrom('event')
    .select('kind')
    .where(sql<boolean>`subjects @> array[${`recording:${recordingId}`}]`)
    .execute()
  const counts: Record<string, number> = {}
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** The details of a recording's events of one kind, oldest first. */
export async function detailsOf(world: World, recordingId: string, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await world.db
    .selectFrom('event')
    .select('body')
    .where(sql<boolean>`subjects @> array[${`recording:${recordingId}`}]`)
    .where('kind', '=', kind)
    .orderBy('id')
    .execute()
  return rows.map(({ body }) => (JSON.parse(body) as { details: Record<string, unknown> }).details)
}

export async function recordingRow(world: World, id: string) {
  return world.db.selectFrom('recording').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export async function copiesOf(world: World, id: string) {
  return world.db.selectFrom('copy').selectAll().where('recording_id', '=', id).orderBy('store').execute()
}

export async function jobRow(world: World, id: string) {
  return world.db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}
