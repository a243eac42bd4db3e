import type { Clock } from '../../foundation/clock.ts'
import type { Trx } from '../../foundation/db/database.ts'
import type { RenditionFileTable, RenditionTable } from '../../foundation/db/schema/renditions.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { ObjectVersion } from '../../foundation/store/store.ts'
import { lockRecording, recordingSubjects, type SealedRecording } from '../copies/copies.ts'
import { endPreview } from '../copies/preview-end.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import { setSupplyReady } from './supplied-film.ts'

/** A track of a rendition: one picture or sound that can be watched by itself. 0 is the main one. */
export interface RenditionTrack {
  readonly track: number
  readonly kind: NonNullable<RenditionTable['kind']>
  /** Numbers of the original's own streams that it shows. */
  readonly streams: readonly number[]
  /** Which channels of its sound, from 1; null when that says nothing. */
  readonly channels: readonly number[] | null
}

/** How a rendition is made: from which bytes, by which tool, with which flags. */
export interface RenditionMaking {
  readonly kind: NonNullable<RenditionTable['kind']>
  readonly method: NonNullable<RenditionTable['method']>
  readonly tracks: readonly RenditionTrack[]
  /** First line of the tool's own version text. */
  readonly tool: string
  readonly flags: readonly string[]
  /** Digest of the recording's original, whatever the rendition is made of. */
  readonly inputSha256: Buffer
  /** Digest of the film of a vendor's player that it is made of instead. */
  readonly suppliedSha256?: Buffer
}

/** A file of a rendition that lies in the store; `startMs` and `durationMs` are its place in the film. */
export interface RenditionFile {
  readonly track: number
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
      started_at: now,
    })
    .execute()
  await insertTracks(trx, id, making.tracks)
  return id
}

/** The rows of a rendition's tracks, before anything of them is known but what they show. */
export async function insertTracks(trx: Trx, renditionId: string, tracks: readonly RenditionTrack[]): Promise<void> {
  await trx
    .insertInto('rendition_track')
    .values(
      tracks.map(({ track, kind, streams, channels }) => ({
        ...{ rendition_id: renditionId, track, kind, streams: [...streams], channels: channels && [...channels] },
        ...{ codecs: null, duration_ms: null },
      })),
    )
    .execute()
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
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      renditionId: rendition.id,
      inputSha256: making.inputSha256.toString('hex'),
      ...suppliedMember(making),
      method: making.method,
      tool: making.tool,
      flags: [...making.flags],
      files: filesForEvent(files),
    },
  })
  await insertFiles(trx, rendition.id, { eventId, files })
}

/** Files as the event that publishes them lists them. Pure. */
export function filesForEvent(files: readonly RenditionFile[]) {
  return files.map((file) => ({
    track: file.track,
    kind: file.kind,
    number: file.number,
    sha256: file.sha256.toString('hex'),
    bytes: file.bytes,
    startMs: file.startMs,
    durationMs: file.durationMs,
  }))
}

/** The rows of files that the event publishes. */
export async function insertFiles(
  trx: Trx,
  renditionId: string,
  { eventId, files }: { readonly eventId: string; readonly files: readonly RenditionFile[] },
): Promise<void> {
  await trx
    .insertInto('rendition_file')
    .values(
      files.map((file) => ({
        rendition_id: renditionId,
        track: file.track,
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

/** Sets a track's codecs as soon as its init section tells them: a player needs them before the rendition is whole. */
export async function setCodecs(
  trx: Trx,
  place: { readonly renditionId: string; readonly track: number },
  codecs: string,
): Promise<void> {
  await trx
    .updateTable('rendition_track')
    .set({ codecs })
    .where('rendition_id', '=', place.renditionId)
    .where('track', '=', place.track)
    .execute()
}

/** What the check before `rendition.ready` found, and how long each track became. */
export type RenditionFindings = Pick<
  DetailsOf<'rendition.ready'>,
  | 'tracks'
  | 'differences'
  | 'differencesInAll'
  | 'holes'
  | 'holesInAll'
  | 'notShown'
  | 'statedMs'
  | 'foundMs'
  | 'inventorySha256'
>

/**
 * Ends a rendition that is whole and was compared with its original. `durationMs` is the main track's, null for a still.
 *
 * @throws locked when it was abandoned
 */
export async function finishRendition(
  trx: Trx,
  clock: Clock,
  recording: Pick<SealedRecording, 'id' | 'deviceSerial'>,
  rendition: { id: string; making: RenditionMaking; durationMs: number | null; findings: RenditionFindings },
): Promise<void> {
  await requireRunning(trx, rendition.id)
  const files = await trx
    .selectFrom('rendition_file')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('files')])
    .where('rendition_id', '=', rendition.id)
    .groupBy('kind')
    .execute()
  const { id: eventId, at } = await recordEvent(trx, 'rendition.ready', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: recordingSubjects(recording),
    details: {
      renditionId: rendition.id,
      renditionKind: rendition.making.kind,
      method: rendition.making.method,
      inputSha256: rendition.making.inputSha256.toString('hex'),
      ...suppliedMember(rendition.making),
      durationMs: rendition.durationMs,
      files: Object.fromEntries(files.map((row) => [row.kind, Number(row.files)])),
      ...rendition.findings,
    },
  })
  for (const { track, durationMs } of rendition.findings.tracks ?? []) {
    await trx
      .updateTable('rendition_track')
      .set({ duration_ms: durationMs })
      .where('rendition_id', '=', rendition.id)
      .where('track', '=', track)
      .execute()
  }
  await trx
    .updateTable('rendition')
    .set({ state: 'ready', duration_ms: rendition.durationMs, ready_event_id: eventId, ended_at: at })
    .where('id', '=', rendition.id)
    .execute()
  await endPreview(trx, clock, recording, 'ready')
  if (rendition.making.suppliedSha256) await setSupplyReady(trx, recording.id)
}

function suppliedMember({ suppliedSha256 }: RenditionMaking): { suppliedSha256?: string } {
  return suppliedSha256 ? { suppliedSha256: suppliedSha256.toString('hex') } : {}
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
