import { type SealedRecording, sealedRecording } from '../../services/custody/copies/copies.ts'
import { openOriginal } from '../../services/custody/copies/read-original.ts'
import { enterDamage, equalsSealed } from '../../services/custody/copies/verification.ts'
import type { PackageRecording } from '../../services/custody/packages/recordings.ts'
import { openPiece, type PiecePlace, piecesOfRendition, readPiece } from '../../services/custody/viewing/read-piece.ts'
import { raiseRenditionAlarm } from '../../services/custody/viewing/rendition-alarm.ts'
import type { Clock } from '../../services/foundation/clock.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault, isFault } from '../../services/foundation/errors.ts'
import { hashStream, sha256 } from '../../services/foundation/hash.ts'
import { type Store, type Stores, storeNames } from '../../services/foundation/store/store.ts'
import type { RenditionPiece } from '../../services/ledger/format/recordings.ts'
import { readSha256 } from '../read-copy.ts'
import type { BagWriter } from './bag.ts'

export interface MediaDeps {
  readonly db: Db
  readonly clock: Clock
  readonly stores: Readonly<Record<keyof Stores, Pick<Store, 'get' | 'hostName'>>>
}

/** A line of recordings.jsonl, as services/ledger/DESIGN.md §6 writes it. */
export interface PackagedRecording {
  readonly id: string
  readonly original: { bytes: number; path: string; sha256: string; sm3: string | null } | null
  readonly playable: { bytes: number; path: string; renditionId: string; sha256: string } | null
}

/** What is in the zip by then is wrong: the package is begun again, and reads elsewhere. */
export class BeginAgain extends Error {
  /** An event that says why, which the next checkpoint has to cover. */
  readonly eventId: string | null

  constructor(message: string, eventId: string | null = null) {
    super(message)
    this.eventId = eventId
  }
}

/**
 * Puts a recording's sealed bytes in, read from the first copy that is not known to be damaged and held against the sealed
 * digest as they pass. A copy that turns out to be damaged is entered as such.
 *
 * @throws BeginAgain after damage; bytes_differ when no copy is left that could be the sealed one
 */
export async function addOriginal(
  deps: MediaDeps,
  bag: BagWriter,
  recording: PackageRecording,
  signal: AbortSignal,
): Promise<NonNullable<PackagedRecording['original']>> {
  const stored = await asSealed(deps.db, recording)
  const name = storeNames.find((store) => stored.copies.has(store) && stored.copies.get(store)?.state !== 'damaged')
  if (!name) {
    throw new Fault(
      'bytes_differ',
      `recording ${recording.id} has no copy left that is what was sealed: the package cannot be made until one is repaired`,
    )
  }
  const { object } = stored.copies.get(name)!
  const path = `data/originals/${recording.id}/original${recording.extension}`
  const original = { of: { recordingId: recording.id }, store: deps.stores[name], copy: object, bytes: recording.bytes }
  const source = await openOriginal({ ...original, length: 'compared', signal }).catch(orNull)
  if (source) {
    const { bytes, sha256, sm3 } = recording
    if (equalsSealed(stored, await bag.addStream(path, source, bytes))) return { bytes, path, sha256, sm3 }
  }
  const found = await readSha256(deps.stores[name], object, stored, signal)
  if (!equalsSealed(stored, found)) {
    const { hostName } = deps.stores[name]
    const damage = { store: name, hostName, object, found, actor: 'package' }
    await deps.db.transaction().execute((trx) => enterDamage(trx, deps.clock, stored, damage))
  }
  throw new BeginAgain(`${name} gave other bytes of recording ${recording.id}`)
}

/** The recording's row, with what the ledger says was sealed: a row that was changed must not decide what is right. */
async function asSealed(db: Db, recording: PackageRecording): Promise<SealedRecording> {
  const stored = await sealedRecording(db, recording.id)
  return { ...stored, bytes: recording.bytes, sha256: Buffer.from(recording.sha256, 'hex') }
}

/**
 * Puts a recording's playable form in: its committed files, one after another. Null when it has none. A file that is not
 * what was committed is an alarm; the package then goes without this form rather than with a wrong one.
 *
 * @throws BeginAgain when a file turned out to be wrong
 */
export async function addPlayable(
  deps: MediaDeps,
  bag: BagWriter,
  recording: PackageRecording,
  signal: AbortSignal,
): Promise<PackagedRecording['playable']> {
  const { playable } = recording
  if (!playable) return null
  const places = await piecesOfRendition(deps.db, playable.renditionId)
  const located = playable.pieces.map((piece) => ({
    piece,
    place: places.find(({ kind, number }) => kind === piece.kind && number === piece.number) ?? null,
  }))
  const bytes = playable.pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  const wrong: LocatedPiece[] = []
  async function* chunks() {
    for (const one of located) {
      // Read whole, so that no byte of a wrong piece goes on.
      const bytes = await readCommitted(deps, recording, one, signal)
      if (bytes) yield bytes
      else wrong.push(one)
    }
  }
  const path = `data/playable/${recording.id}${extensionOf(playable.kind)}`
  const added = await bag.addStream(path, chunks(), bytes)
  if (wrong.length === 0)
    return { bytes, path, renditionId: playable.renditionId, sha256: added.sha256.toString('hex') }
  let eventId: string | null = null
  for (const one of wrong) eventId = (await judgePiece(deps, recording, one)) ?? eventId
  throw new BeginAgain(`a file of rendition ${playable.renditionId} is not what was committed`, eventId)
}

interface LocatedPiece {
  readonly piece: RenditionPiece
  /** Null when no row says where it lies. */
  readonly place: PiecePlace | null
}

/** A piece's bytes; null when they are not the committed ones. */
async function readCommitted(
  { stores }: MediaDeps,
  recording: PackageRecording,
  { piece, place }: LocatedPiece,
  signal: AbortSignal,
): Promise<Buffer | null> {
  if (!place) return null
  const read = { recordingId: recording.id, store: stores.primary, piece: place, signal }
  const bytes = await readPiece({ ...read, bytesMax: piece.bytes })
  return bytes?.length === piece.bytes && sha256(bytes).toString('hex') === piece.sha256 ? bytes : null
}

/** Reads it once more by itself, for a flipped bit on the way is no damage. Returns the alarm's event. */
async function judgePiece(
  { db, clock, stores }: MediaDeps,
  recording: PackageRecording,
  { piece, place }: LocatedPiece,
): Promise<string | null> {
  const read = { recordingId: recording.id, store: stores.primary }
  const source = place && (await openPiece({ ...read, piece: place }).catch(orNull))
  const found = source && (await hashStream(source, { sm3: false }))
  if (found?.sha256.toString('hex') === piece.sha256) return null
  return raiseRenditionAlarm(db, clock, 'rendition_bytes_differ', {
    actor: { id: 'package', role: 'service' },
    recordingId: recording.id,
    viewingId: null,
    file: {
      renditionId: recording.playable!.renditionId,
      fileKind: piece.kind,
      number: piece.number,
      expected: piece.sha256,
      found: found?.sha256.toString('hex') ?? null,
    },
  })
}

function orNull(error: unknown): null {
  if (isFault(error, 'not_found')) return null
  throw error
}

function extensionOf(renditionKind: string): string {
  return { audio: '.m4a', still: '.jpg' }[renditionKind] ?? '.mp4'
}
