import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { RenditionFileTable, RenditionTable } from '../../foundation/db/schema/renditions.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { ObjectVersion } from '../../foundation/store/store.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import type { AlarmMembers } from '../events/alarms.ts'
import { raiseAlarm, recordEvent } from '../events/record.ts'
import type { Actor } from '../roles/permissions.ts'

/** How a rendition is made: from which bytes, by which tool, with which flags. */
export interface RenditionMaking {
  readonly kind: NonNullable<RenditionTable['kind']>
  readonly method: NonNullable<RenditionTable['method']>
  /** First line of the tool's own version text. */
  readonly tool: string
  readonly flags: readonly string[]
  readonly inputSha256: Buffer
  /** The probe's report, as JSON text. */
  readonly probe: string
}

/** A file of a rendition that lies in the store; `startMs` and `durationMs` are its place in the film. */
export interface RenditionFile {
  readonly kind: RenditionFileTable['kind']
  readonly number: number
  readonly startMs: number
  readonly durationMs: number
  readonly bytes: number
  readonly contentType: string
  readonly sha256: Buffer
  readonly object: ObjectVersion
}

/**
 * Begins a rendition in the caller's transaction: what another run left unfinished is abandoned. The caller holds the
 * lease of the recording's rendition, so whoever began that one is dead. Null when the recording has its rendition, or is
 * known not to be playable: nothing is to be done.
 */
export async function beginRendition(
  trx: Trx,
  recordingId: string,
  making: RenditionMaking,
  now: Date,
): Promise<string | null> {
  await lockRecording(trx, recordingId)
  if (await renditionIsSettled(trx, recordingId)) return null
  await trx
    .updateTable('rendition')
    .set({ state: 'abandoned', ended_at: now })
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'running')
    .execute()
  const id = newId(now)
  await trx
    .insertInto('rendition')
    .values({
      id,
      recording_id: recordingId,
      state: 'running',
      kind: making.kind,
      method: making.method,
      tool: making.tool,
      flags: [...making.flags],
      input_sha256: making.inputSha256,
      probe: making.probe,
      started_at: now,
    })
    .execute()
  return id
}

/** True when the recording has a finished rendition, or none is possible. */
export async function renditionIsSettled(db: Trx, recordingId: string): Promise<boolean> {
  const settled = await db
    .selectFrom('rendition')
    .select('id')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['ready', 'not_playable'])
    .executeTakeFirst()
  return settled !== undefined
}

/**
 * Enters files that were just stored: one event with every digest, and their rows. From its checkpoint on they may be
 * served.
 *
 * @throws locked when the rendition was abandoned: another run took over, and this one must stop
 */
export async function publishFiles(
  trx: Trx,
  clock: Clock,
  rendition: { recording: Pick<SealedRecording, 'id' | 'deviceSerial'>; id: string; making: RenditionMaking },
  files: readonly RenditionFile[],
): Promise<void> {
  await requireRunning(trx, rendition.id)
  const { making, recording } = rendition
  const { id: eventId } = await recordEvent(trx, 'rendition.published', {
    clock,
    actor: 'transcode',
    actorRole: 'service',
    subjects: recordingSubjects(recording),
    details: {
      renditionId: rendition.id,
      inputSha256: making.inputSha256.toString('hex'),
      method: making.method,
      tool: making.tool,
      flags: [...making.flags],
      files: files.map((file) => ({
        kind: file.kind,
        number: file.number,
        sha256: file.sha256.toString('hex'),
        bytes: file.bytes,
        startMs: file.startMs,
        durationMs: file.durationMs,
      })),
    },
  })
  await trx
    .insertInto('rendition_file')
    .values(
      files.map((file) => ({
        rendition_id: rendition.id,
        kind: file.kind,
        number: file.number,
        start_ms: file.startMs,
        duration_ms: file.durationMs,
        bytes: file.bytes,
        content_type: file.contentType,
        sha256: file.sha256,
        object_key: file.object.key,
        version_id: file.object.versionId,
        event_id: eventId,
      })),
    )
    .execute()
}

/** Sets the codecs as soon as the init section tells them: a player needs them before the rendition is whole. */
export async function setCodecs(trx: Trx, renditionId: string, codecs: string): Promise<void> {
  await trx
    .updateTable('rendition')
    .set({ codecs })
    .where('id', '=', renditionId)
    .where('state', '=', 'running')
    .execute()
}

/** Ends a rendition that is whole. @throws locked when it was abandoned */
export async function finishRendition(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  rendition: { id: string; making: RenditionMaking; durationMs: number | null },
): Promise<void> {
  await requireRunning(trx, rendition.id)
  const files = await trx
    .selectFrom('rendition_file')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('files')])
    .where('rendition_id', '=', rendition.id)
    .groupBy('kind')
    .execute()
  const { at } = await recordEvent(trx, 'rendition.ready', {
    clock,
    actor: 'transcode',
    actorRole: 'service',
    subjects: recordingSubjects(recording),
    details: {
      renditionId: rendition.id,
      renditionKind: rendition.making.kind,
      method: rendition.making.method,
      inputSha256: rendition.making.inputSha256.toString('hex'),
      durationMs: rendition.durationMs,
      files: Object.fromEntries(files.map((row) => [row.kind, Number(row.files)])),
    },
  })
  await trx
    .updateTable('rendition')
    .set({ state: 'ready', duration_ms: rendition.durationMs, ended_at: at })
    .where('id', '=', rendition.id)
    .execute()
}

/**
 * Enters that a recording cannot be played, and why. What another run left unfinished is abandoned; the original stays
 * what it is. Changes nothing when the recording has its rendition already.
 */
export async function enterNotPlayable(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial' | 'sha256'>,
  why: { reason: string; probe: string | null; tool: string },
): Promise<void> {
  await lockRecording(trx, recording.id)
  if (await renditionIsSettled(trx, recording.id)) return
  const id = newId(clock.now())
  const { at } = await recordEvent(trx, 'rendition.not_playable', {
    clock,
    actor: 'transcode',
    actorRole: 'service',
    subjects: recordingSubjects(recording),
    details: { renditionId: id, reason: why.reason, inputSha256: recording.sha256.toString('hex'), tool: why.tool },
  })
  await trx
    .updateTable('rendition')
    .set({ state: 'abandoned', ended_at: at })
    .where('recording_id', '=', recording.id)
    .where('state', '=', 'running')
    .execute()
  await trx
    .insertInto('rendition')
    .values({
      id,
      recording_id: recording.id,
      state: 'not_playable',
      tool: why.tool,
      input_sha256: recording.sha256,
      probe: why.probe,
      reason: why.reason,
      started_at: at,
      ended_at: at,
    })
    .execute()
}

async function requireRunning(trx: Trx, renditionId: string): Promise<void> {
  const row = await trx
    .selectFrom('rendition')
    .select('state')
    .where('id', '=', renditionId)
    .forUpdate()
    .executeTakeFirst()
  if (row?.state !== 'running') throw new Fault('locked', `rendition ${renditionId} was taken over by another run`)
}

/** Records that a file of a rendition is not what the ledger committed. Returns the alarm's event. */
export async function raiseRenditionAlarm(
  db: Db,
  clock: Clock,
  alarm: 'rendition_bytes_differ' | 'rendition_row_differs',
  seen: {
    actor: Actor
    recordingId: string
    /** The viewing that it was to be shown in; null outside of viewings. */
    viewingId: string | null
    file: AlarmMembers<'rendition_bytes_differ'>
  },
): Promise<string> {
  const viewing = seen.viewingId === null ? [] : [{ type: 'viewing', id: seen.viewingId }]
  const { id } = await db.transaction().execute((trx) =>
    raiseAlarm(trx, alarm, {
      clock,
      actor: seen.actor.id,
      actorRole: seen.actor.role,
      subjects: [{ type: 'recording', id: seen.recordingId }, ...viewing],
      details: seen.file,
    }),
  )
  return id
}
