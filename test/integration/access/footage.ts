import { randomBytes } from 'node:crypto'
import { recordEvent } from '../../../services/custody/events/record.ts'
import type { QuarantineReason } from '../../../services/foundation/db/words.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { newId } from '../../../services/foundation/id.ts'
import type { Bureau } from './bureau.ts'

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
    rendition?: 'ready' | 'running' | 'not_playable'
    sha256?: Buffer
    deviceSerial?: string
    /** Real media instead of random bytes. */
    media?: { init: Buffer; segments: { bytes: Buffer; durationMs: number }[] }
    kind?: 'video' | 'audio' | 'still'
    still?: Buffer
  } = {},
): Promise<Footage> {
  const now = world.clock.now()
  const recordingId = newId(now)
  const renditionId = newId(now)
  const { rendition = 'ready', deviceSerial = 'ZJ00001' } = footage
  const segments = segmentsOf(rendition === 'not_playable' ? 0 : (footage.segments ?? 20), footage.media?.segments)
  const bodies = segments.map((segment) => segment.bytes)
  const files = [
    { kind: 'init' as const, number: 0, startMs: 0, durationMs: 0, bytes: footage.media?.init ?? randomBytes(100) },
    ...segments,
    { kind: 'thumbnail' as const, number: 0, startMs: 0, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'thumbnail' as const, number: 15, startMs: 90_000, durationMs: 90_000, bytes: randomBytes(50) },
    { kind: 'still' as const, number: 0, startMs: 0, durationMs: 0, bytes: footage.still ?? randomBytes(60) },
  ]
  const stored = await Promise.all(
    files.map(async (file) => {
      const key = `${recordingId}/${renditionId}/${file.kind}-${file.number}`
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
        name: Buffer.from('ZJ00001_20260102030405.MP4'),
        media_kind: 'video',
        bytes: 1234,
        sha256: inputSha256,
        mark: false,
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
        duration_ms: rendition === 'ready' ? segments.reduce((sum, one) => sum + one.durationMs, 0) : null,
        reason: rendition === 'not_playable' ? 'no video or sound in it' : null,
        started_at: now,
      })
      .execute()
    if (rendition !== 'not_playable') {
      await trx
        .insertInto('rendition_track')
        .values({ rendition_id: renditionId, track: 0, kind: footage.kind ?? 'video', streams: [0] })
        .execute()
    }
    const { id: eventId } = await recordEvent(trx, 'rendition.published', {
      clock: world.clock,
      actor: 'transcode',
      actorRole: 'service',
      subjects: [
        { type: 'recording', id: recordingId },
        { type: 'device', id: deviceSerial },
      ],
      details: {
        renditionId,
        inputSha256: inputSha256.toString('hex'),
        method: 'remux',
        tool: 'ffmpeg of the test',
        flags: [],
        files: entered,
      },
    })
    for (const file of rendition === 'not_playable' ? [] : stored) {
      await trx
        .insertInto('rendition_file')
        .values({
          rendition_id: renditionId,
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
  })
  const first = stored.find((file) => file.kind === 'segment')
  return {
    recordingId,
    renditionId,
    segments: bodies,
    firstSegment: { key: first?.key ?? '', versionId: first?.versionId ?? '' },
  }
}

function segmentsOf(count: number, media?: { bytes: Buffer; durationMs: number }[]) {
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
