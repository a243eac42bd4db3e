import { randomBytes } from 'node:crypto'
import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import type { RecordingFlag } from '../../../services/custody/events/words.ts'
import type { Trx } from '../../../services/foundation/db/database.ts'
import type { NotPlayableReason, QuarantineReason } from '../../../services/foundation/db/words.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { newId } from '../../../services/foundation/id.ts'
import { derivedKey } from '../../../services/foundation/store/keys.ts'
import type { Bureau } from './bureau.ts'

type Ready = DetailsOf<'rendition.ready'>
type Clock = Bureau['world']['clock']

/** Real media instead of random bytes. */
export interface Media {
  readonly init: Buffer
  readonly segments: readonly { readonly bytes: Buffer; readonly durationMs: number }[]
}

export interface Footage {
  readonly recordingId: string
  readonly renditionId: string
  readonly segments: readonly Buffer[]
  /** Object version of segment 0. */
  readonly firstSegment: { readonly key: string; readonly versionId: string }
}

/** A recording of an officer with a rendition of `segments` × 6 s, its bytes in the store and its digests in the ledger. */
export async function addFootage(
  { world }: Bureau,
  footage: {
    officerId?: string | null
    segments?: number
    quarantineReason?: QuarantineReason
    rendition?: 'ready' | 'running' | 'preview' | 'not_playable'
    sha256?: Buffer
    deviceSerial?: string
    media?: Media
    /** Further tracks, each a sound of its own. */
    sounds?: readonly (Media & { readonly channels: number[] })[]
    /** What the check before it became ready found; without it there is no event of that kind. */
    found?: Partial<Pick<Ready, 'differences' | 'holes' | 'notShown' | 'statedMs' | 'foundMs'>>
    why?: NotPlayableReason
    flags?: RecordingFlag[]
    name?: string
    kind?: 'video' | 'audio' | 'still'
    still?: Buffer
  } = {},
): Promise<Footage> {
  const now = world.clock.now()
  const recordingId = newId(now)
  const renditionId = newId(now)
  const { rendition = 'ready', deviceSerial = 'ZJ00001' } = footage
  const segments = segmentsOf(rendition === 'not_playable' ? 0 : (footage.segments ?? 20), footage.media?.segments)
  const lengthMs = segments.reduce((sum, one) => sum + one.durationMs, 0)
  const bodies = segments.map((segment) => segment.bytes)
  const files = [
    initOf(footage.media?.init ?? randomBytes(100)),
    ...segments,
    { kind: 'thumbnail' as const, number: 0, startMs: 0, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'thumbnail' as const, number: 15, startMs: 90_000, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'still' as const, number: 0, startMs: 0, durationMs: 0, bytes: footage.still ?? randomBytes(60) },
  ].map((file) => ({ ...file, track: 0 }))
  for (const [at, sound] of (footage.sounds ?? []).entries()) {
    const pieces = [initOf(sound.init), ...segmentsOf(sound.segments.length, sound.segments)]
    files.push(...pieces.map((file) => ({ ...file, track: at + 1 })))
  }
  const stored = await Promise.all(
    files.map(async (file) => {
      const key = derivedKey(recordingId, renditionId, `${file.track}-${file.kind}-${file.number}`)
      return { ...file, ...(await world.stores.primary.put('derived', key, file.bytes)) }
    }),
  )
  const digestOf = (bytes: Buffer) => ({ bytes: bytes.length, sha256: sha256(bytes).toString('hex') })
  const entered = files.map((file) => ({ ...file, ...digestOf(file.bytes) }))
  const inputSha256 = footage.sha256 ?? randomBytes(32)
  await world.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('recording')
      .values({
        id: recordingId,
        device_serial: deviceSerial,
        officer_id: footage.officerId ?? null,
        user_grade: footage.officerId ? 'register' : 'unknown',
        name: Buffer.from(footage.name ?? 'ZJ00001_20260102030405.MP4'),
        media_kind: 'video',
        bytes: 1234,
        sha256: inputSha256,
        mark: false,
        flags: footage.flags ?? [],
        state: 'sealed',
        quarantine_reason: footage.quarantineReason ?? null,
        sealed_at: now,
      })
      .execute()
    await trx
      .insertInto('rendition')
      .values({
        id: renditionId,
        recording_id: recordingId,
        state: rendition,
        kind: rendition === 'not_playable' ? null : (footage.kind ?? 'video'),
        duration_ms: rendition === 'ready' || rendition === 'preview' ? lengthMs : null,
        reason: rendition === 'not_playable' ? 'no video or sound in it' : null,
        why: rendition === 'not_playable' ? (footage.why ?? null) : null,
        started_at: now,
      })
      .execute()
    const act = {
      clock: world.clock,
      by: { id: 'transcode', role: 'service' },
      subjects: [
        { type: 'recording', id: recordingId },
        { type: 'device', id: deviceSerial },
      ],
    }
    const details = {
      renditionId,
      inputSha256: inputSha256.toString('hex'),
      method: 'remux' as const,
      tool: 'ffmpeg of the test',
      flags: [],
      files: entered,
    }
    const ofPreview = { renditionKind: footage.kind ?? ('video' as const), durationMs: lengthMs, read: [] }
    const { id: eventId } =
      rendition === 'preview'
        ? await recordEvent(trx, 'rendition.preview_published', { ...act, details: { ...details, ...ofPreview } })
        : await recordEvent(trx, 'rendition.published', { ...act, details })
    for (const file of rendition === 'not_playable' ? [] : stored) {
      await trx
        .insertInto('rendition_file')
        .values({
          rendition_id: renditionId,
          track: file.track,
          kind: file.kind,
          number: file.number,
          start_ms: file.startMs,
          duration_ms: file.durationMs,
          bytes: file.bytes.length,
          content_type: ['still', 'thumbnail'].includes(file.kind) ? 'image/jpeg' : 'video/mp4',
          sha256: sha256(file.bytes),
          object_key: file.key,
          version_id: file.versionId,
          event_id: eventId,
        })
        .execute()
    }
    const lengthOf = (track: number) =>
      files
        .filter((file) => file.track === track && file.kind === 'segment')
        .reduce((sum, one) => sum + one.durationMs, 0)
    const tracks = [
      { track: 0, kind: footage.kind ?? ('video' as const), streams: [0], durationMs: lengthOf(0) },
      ...(footage.sounds ?? []).map(({ channels }, at) => ({
        ...{ track: at + 1, kind: 'audio' as const, streams: [at + 1], channels },
        durationMs: lengthOf(at + 1),
      })),
    ]
    if (rendition !== 'not_playable') await insertTracks(trx, renditionId, tracks)
    if (footage.found) {
      const ready = { renditionId, tracks, inputSha256: inputSha256.toString('hex'), durationMs: lengthOf(0) }
      await enterReady(trx, world.clock, recordingId, { ...ready, ...footage.found })
    }
  })
  const first = stored.find((file) => file.kind === 'segment')
  return {
    recordingId,
    renditionId,
    segments: bodies,
    firstSegment: { key: first?.key ?? '', versionId: first?.versionId ?? '' },
  }
}

function initOf(bytes: Buffer) {
  return { kind: 'init' as const, number: 0, startMs: 0, durationMs: 0, bytes }
}

async function insertTracks(trx: Trx, renditionId: string, tracks: NonNullable<Ready['tracks']>): Promise<void> {
  const rows = tracks.map(({ track, kind, streams, channels, durationMs }) => ({
    ...{ rendition_id: renditionId, track, kind, duration_ms: durationMs },
    streams: [...streams],
    channels: channels ? [...channels] : null,
  }))
  await trx.insertInto('rendition_track').values(rows).execute()
}

async function enterReady(
  trx: Trx,
  clock: Clock,
  recordingId: string,
  details: Omit<Ready, 'renditionKind' | 'method' | 'files'>,
): Promise<void> {
  const { id } = await recordEvent(trx, 'rendition.ready', {
    clock,
    by: { id: 'transcode', role: 'service' },
    subjects: [
      { type: 'recording', id: recordingId },
      { type: 'device', id: 'ZJ00001' },
    ],
    details: { renditionKind: 'video', method: 'remux', files: {}, ...details },
  })
  await trx.updateTable('rendition').set({ ready_event_id: id }).where('id', '=', details.renditionId).execute()
}

function segmentsOf(count: number, media?: Media['segments']) {
  const bodies =
    media ??
    Array.from({ length: count }, (_, index) => ({
      bytes: Buffer.concat([Buffer.from(`segment ${index} `), randomBytes(200)]),
      durationMs: 6000,
    }))
  let startMs = 0
  return bodies.map(({ bytes, durationMs }, number) => {
    const segment = { kind: 'segment' as const, number, startMs, durationMs, bytes }
    startMs += durationMs
    return segment
  })
}
