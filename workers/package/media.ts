import { type SealedRecording, sealedRecording } from '../../services/custody/copies/copies.ts'
import { openOriginal } from '../../services/custody/copies/read-original.ts'
import { enterDamage, equalsSealed } from '../../services/custody/copies/verification.ts'
import type { PackageRecording } from '../../services/custody/packages/recordings.ts'
import type { Clock } from '../../services/foundation/clock.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { Fault, isFault } from '../../services/foundation/errors.ts'
import { type Store, type Stores, storeNames } from '../../services/foundation/store/store.ts'
import type { PlayableKind } from '../../services/ledger/format/recordings.ts'
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
  /** One for each track of its rendition, ascending. */
  readonly playable: readonly PackagedTrack[]
}

export interface PackagedTrack {
  readonly bytes: number
  readonly kind: PlayableKind
  readonly path: string
  readonly renditionId: string
  readonly sha256: string
  readonly track: number
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
 * Puts a recording's sealed bytes in, read from the first copy that is not known to be damaged and compared with the sealed
 * digest as they pass. A copy that turns out to be damaged is entered as such.
 *
 * @throws BeginAgain after damage; bytes_differ when no copy is left that could be the sealed one
 */
export async function addOriginal(
  deps: MediaDeps,
  bag: Pick<BagWriter, 'addStream'>,
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
    // Not read to its end, or not at all, when the package cannot be written on.
    const added = await bag.addStream(path, source, bytes).finally(() => source.destroy())
    if (equalsSealed(stored, added)) return { bytes, path, sha256, sm3 }
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

/** What a read of something that is gone gives. */
export function orNull(error: unknown): null {
  if (isFault(error, 'not_found')) return null
  throw error
}
