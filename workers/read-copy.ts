import type { SealedRecording } from '../services/custody/copies/copies.ts'
import { type OriginalRead, openOriginal } from '../services/custody/copies/read-original.ts'
import { equalsSealed, type Found } from '../services/custody/copies/verification.ts'
import { isFault } from '../services/foundation/errors.ts'
import { type Digests, hashStream, type Sha256Digest } from '../services/foundation/hash.ts'
import type { ObjectVersion, Store } from '../services/foundation/store/store.ts'

/** A recording and what was sealed of it. */
type SealedBytes = Pick<SealedRecording, 'id' | 'sha256' | 'bytes'>

/**
 * Re-reads one version and hashes it (SHA-256, and SM3 in the same pass). What differs is read a second time before it
 * counts: a flipped bit on the way is not damage. Null: the version is not there.
 */
export async function readBothDigests(
  store: Pick<Store, 'get'>,
  object: ObjectVersion,
  recording: SealedBytes,
  signal: AbortSignal,
): Promise<Digests | null> {
  const read = { of: { recordingId: recording.id }, store, copy: object, bytes: recording.bytes, signal }
  return readTwiceUnlessEqual(recording, () => readOnce(read, (source) => hashStream(source, { signal })))
}

/** The same with SHA-256 alone. */
export async function readSha256(
  store: Pick<Store, 'get'>,
  object: ObjectVersion,
  recording: SealedBytes,
  signal: AbortSignal,
): Promise<Found> {
  const read = { of: { recordingId: recording.id }, store, copy: object, bytes: recording.bytes, signal }
  const hash = (source: AsyncIterable<Uint8Array>): Promise<Sha256Digest> => hashStream(source, { signal, sm3: false })
  return readTwiceUnlessEqual(recording, () => readOnce(read, hash))
}

async function readTwiceUnlessEqual<T extends NonNullable<Found>>(
  recording: SealedBytes,
  read: () => Promise<T | null>,
): Promise<T | null> {
  const first = await read()
  return equalsSealed(recording, first) ? first : read()
}

async function readOnce<T>(
  read: Omit<OriginalRead, 'length'>,
  hash: (source: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T | null> {
  try {
    return await hash(await openOriginal({ ...read, length: 'compared' }))
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}
