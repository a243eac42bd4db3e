import type { PackageRecording, PackageTrack } from '../../services/custody/packages/recordings.ts'
import {
  openPiece,
  piecesOfRendition,
  readPiece,
  type TrackPiecePlace,
} from '../../services/custody/viewing/read-piece.ts'
import { raiseRenditionAlarm } from '../../services/custody/viewing/rendition-alarm.ts'
import { hashStream, sha256 } from '../../services/foundation/hash.ts'
import { playableExtensions, type RenditionPiece } from '../../services/ledger/format/recordings.ts'
import type { BagWriter } from './bag.ts'
import { BeginAgain, type MediaDeps, orNull, type PackagedTrack } from './media.ts'

/** A track of the rendition that goes along, and where its pieces lie. */
interface LocatedTrack {
  readonly recordingId: string
  readonly renditionId: string
  readonly track: PackageTrack
  readonly pieces: readonly LocatedPiece[]
}

interface LocatedPiece {
  readonly piece: RenditionPiece
  /** Null when no row says where it lies. */
  readonly place: TrackPiecePlace | null
}

/**
 * Adds a recording's playable forms: the committed files of each track of its rendition, one after another. None when it
 * has no rendition. A file that is not what was committed is an alarm; the package is then made without these forms rather
 * than with a wrong one.
 *
 * @throws BeginAgain when a file turned out to be wrong
 */
export async function addPlayables(
  deps: MediaDeps,
  bag: Pick<BagWriter, 'addStream'>,
  { id: recordingId, playable }: PackageRecording,
  signal: AbortSignal,
): Promise<PackagedTrack[]> {
  if (!playable) return []
  const { renditionId } = playable
  const places = new Map((await piecesOfRendition(deps.db, renditionId)).map((place) => [nameOf(place), place]))
  const packaged: PackagedTrack[] = []
  for (const track of playable.tracks) {
    const placeOf = (piece: RenditionPiece) => places.get(nameOf({ ...piece, track: track.track })) ?? null
    const pieces = track.pieces.map((piece) => ({ piece, place: placeOf(piece) }))
    packaged.push(await addTrack(deps, bag, { recordingId, renditionId, track, pieces }, signal))
  }
  return packaged
}

function nameOf({ track, kind, number }: Pick<TrackPiecePlace, 'track' | 'kind' | 'number'>): string {
  return `${track}/${kind}/${number}`
}

export function trackBytes({ pieces }: PackageTrack): number {
  return pieces.reduce((sum, piece) => sum + piece.bytes, 0)
}

async function addTrack(
  deps: MediaDeps,
  bag: Pick<BagWriter, 'addStream'>,
  located: LocatedTrack,
  signal: AbortSignal,
): Promise<PackagedTrack> {
  const { recordingId, renditionId, pieces } = located
  const { track, kind } = located.track
  const wrong: LocatedPiece[] = []
  async function* chunks() {
    for (const one of pieces) {
      // Read whole, so that no byte of a wrong piece goes on.
      const read = await readCommitted(deps, recordingId, one, signal)
      if (read) yield read
      else wrong.push(one)
    }
  }
  const bytes = trackBytes(located.track)
  const path = `data/playable/${recordingId}-${track}.${playableExtensions[kind]}`
  const added = await bag.addStream(path, chunks(), bytes)
  if (wrong.length === 0) return { bytes, kind, path, renditionId, sha256: added.sha256.toString('hex'), track }
  let eventId: string | null = null
  for (const one of wrong) eventId = (await judgePiece(deps, located, one)) ?? eventId
  throw new BeginAgain(`a file of rendition ${renditionId}, track ${track}, is not what was committed`, eventId)
}

/** A piece's bytes; null when they are not the committed ones. */
async function readCommitted(
  { stores }: MediaDeps,
  recordingId: string,
  { piece, place }: LocatedPiece,
  signal: AbortSignal,
): Promise<Buffer | null> {
  if (!place) return null
  const bytes = await readPiece({ recordingId, store: stores.primary, piece: place, signal, bytesMax: piece.bytes })
  return bytes?.length === piece.bytes && sha256(bytes).toString('hex') === piece.sha256 ? bytes : null
}

/** Reads it once more by itself, for a flipped bit on the way is no damage. Returns the alarm's event. */
async function judgePiece(
  { db, clock, stores }: MediaDeps,
  { recordingId, renditionId, track: { track } }: LocatedTrack,
  { piece, place }: LocatedPiece,
): Promise<string | null> {
  const source = place && (await openPiece({ recordingId, store: stores.primary, piece: place }).catch(orNull))
  const found = source && (await hashStream(source, { sm3: false }))
  if (found?.sha256.toString('hex') === piece.sha256) return null
  return raiseRenditionAlarm(db, clock, 'rendition_bytes_differ', {
    actor: { id: 'package', role: 'service' },
    recordingId,
    viewingId: null,
    file: {
      renditionId,
      ...(track === 0 ? {} : { track }),
      fileKind: piece.kind,
      number: piece.number,
      expected: piece.sha256,
      found: found?.sha256.toString('hex') ?? null,
    },
  })
}
