import { randomBytes } from 'node:crypto'
import { sealedRecording } from '../../../services/custody/copies/copies.ts'
import type { DetailsOf } from '../../../services/custody/events/kinds.ts'
import { recordEvent } from '../../../services/custody/events/record.ts'
import { beginRendition } from '../../../services/custody/viewing/rendition.ts'
import { sha256 } from '../../../services/foundation/hash.ts'
import { derivedKey } from '../../../services/foundation/store/keys.ts'
import type { ObjectVersion } from '../../../services/foundation/store/store.ts'
import type { World } from '../../support/world.ts'

type Ready = DetailsOf<'rendition.ready'>

export interface AddedTracks {
  readonly renditionId: string
  /** The bytes of each track's playable form. */
  readonly forms: readonly Buffer[]
  /** Where the pieces of each track lie in the primary store. */
  readonly keys: readonly (readonly string[])[]
}

/** Three tracks, as a film with a second microphone and an attached picture has them. */
const pieceKinds = [['init', 'segment', 'segment'], ['init', 'segment', 'segment', 'segment'], ['still']] as const
const tracks: NonNullable<Ready['tracks']> = [
  { track: 0, kind: 'video', streams: [0, 1], channels: [1, 2], durationMs: 8000 },
  { track: 1, kind: 'audio', streams: [2], channels: [1], durationMs: 12_000, name: '领夹话筒' },
  { track: 2, kind: 'still', streams: [3], durationMs: null },
]

const making = { kind: 'video', method: 'transcode', tool: 'ffmpeg of the test', flags: [] } as const

/**
 * A rendition of three tracks in store, events and rows, with what the check before it became ready found. The pieces of
 * all tracks are published together, the later ones first, as a restart may leave them.
 */
export async function addTracks(
  world: World,
  recordingId: string,
  found: Partial<Pick<Ready, 'differences' | 'holes' | 'notShown' | 'statedMs' | 'foundMs'>> = {},
): Promise<AddedTracks> {
  const { db, clock } = world
  const { deviceSerial, sha256: inputSha256 } = await sealedRecording(db, recordingId)
  const begin = {
    ...{ ...making, inputSha256 },
    tracks: tracks.map(({ track, kind, streams, channels }) => ({ track, kind, streams, channels: channels ?? null })),
  }
  const id = (await db.transaction().execute((trx) => beginRendition(trx, recordingId, begin, clock.now())))!
  const stored = await storePieces(world, recordingId, id)
  const subjects = [
    { type: 'recording', id: recordingId },
    { type: 'device', id: deviceSerial },
  ]
  const by = { clock, by: { id: 'transcode', role: 'service' }, subjects }
  const same = { renditionId: id, inputSha256: inputSha256.toString('hex'), method: making.method }
  await db.transaction().execute(async (trx) => {
    const published = await recordEvent(trx, 'rendition.published', {
      ...by,
      details: { ...same, tool: making.tool, flags: [], files: stored.toReversed().map(publishedFile) },
    })
    const rows = stored.map((piece) => rowOfPiece(piece, id, published.id))
    await trx.insertInto('rendition_file').values(rows).execute()
    const files = { init: 2, segment: 5, still: 1 }
    const ready = await recordEvent(trx, 'rendition.ready', {
      ...by,
      details: { ...same, renditionKind: making.kind, durationMs: 8000, files, tracks, ...found },
    })
    const state = { state: 'ready', duration_ms: 8000, ready_event_id: ready.id, ended_at: ready.at } as const
    await trx.updateTable('rendition').set(state).where('id', '=', id).execute()
  })
  const ofTrack = (track: number) => stored.filter((one) => one.track === track)
  return {
    renditionId: id,
    forms: tracks.map(({ track }) => Buffer.concat(ofTrack(track).map(({ bytes }) => bytes))),
    keys: tracks.map(({ track }) => ofTrack(track).map(({ object }) => object.key)),
  }
}

interface StoredPiece {
  readonly track: number
  readonly kind: (typeof pieceKinds)[number][number]
  readonly number: number
  readonly startMs: number
  readonly durationMs: number
  readonly bytes: Buffer
  readonly object: ObjectVersion
}

async function storePieces({ stores }: World, recordingId: string, renditionId: string): Promise<StoredPiece[]> {
  const stored: StoredPiece[] = []
  for (const [track, kinds] of pieceKinds.entries()) {
    for (const [at, kind] of kinds.entries()) {
      const number = kind === 'segment' ? at - 1 : 0
      const bytes = randomBytes(400 + at)
      const key = derivedKey(recordingId, renditionId, `${track}-${kind}-${number}`)
      const object = await stores.primary.put('derived', key, bytes)
      stored.push({
        track,
        kind,
        number,
        startMs: number * 4000,
        durationMs: kind === 'segment' ? 4000 : 0,
        bytes,
        object,
      })
    }
  }
  return stored
}

function publishedFile({ track, kind, number, startMs, durationMs, bytes }: StoredPiece) {
  const sha256Hex = sha256(bytes).toString('hex')
  return {
    ...(track === 0 ? {} : { track }),
    kind,
    number,
    sha256: sha256Hex,
    bytes: bytes.length,
    startMs,
    durationMs,
  }
}

function rowOfPiece(piece: StoredPiece, renditionId: string, eventId: string) {
  const { track, kind, number, startMs, durationMs, bytes, object } = piece
  return {
    rendition_id: renditionId,
    track,
    kind,
    number,
    start_ms: startMs,
    duration_ms: durationMs,
    bytes: bytes.length,
    content_type: 'application/octet-stream',
    sha256: sha256(bytes),
    object_key: object.key,
    version_id: object.versionId,
    event_id: eventId,
  }
}
