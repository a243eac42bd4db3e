import type { SealedRecording } from '../services/custody/copies/copies.ts'
import { equalsSealed, type Found } from '../services/custody/copies/verification.ts'
import { isFault } from '../services/foundation/errors.ts'
import { type Digests, hashStream, type Sha256Digest } from '../services/foundation/hash.ts'
import type { ObjectVersion, Store } from '../services/foundation/store/store.ts'

/**
 * Re-reads one version and hashes it (SHA-256, and SM3 in the same pass). What differs is read a second time before it
 * counts: a flipped bit on the way is not damage. Null: the version is not there.
 */
export async function readBothDigests(
  store: Pick<Store, 'get'>,
  object: ObjectVersion,
  recording: Pick<SealedRecording, 'sha256' | 'bytes'>,
  signal: AbortSignal,
): Promise<Digests | null> {
  return readTwiceUnlessEqual(recording, () =>
    readOnce(store, object, (source) => hashStream(source, { signal }), signal),
  )
}

/** The same with SHA-256 alone. */
export async function readSha256(
  store: Pick<Store, 'get'>,
  object: ObjectVersion,
  recording: Pick<SealedRecording, 'sha256' | 'bytes'>,
  signal: AbortSignal,
): Promise<Found> {
  const hash = (source: AsyncIterable<Uint8Array>): Promise<Sha256Digest> => hashStream(source, { signal, sm3: false })
  return readTwiceUnlessEqual(recording, () => readOnce(store, object, hash, signal))
}

async function readTwiceUnlessEqual<T extends NonNullable<Found>>(
  recording: Pick<SealedRecording, 'sha256' | 'bytes'>,
  read: () => Promise<T | null>,
): Promise<T | null> {
  const first = await read()
  return equalsSealed(recording, first) ? first : read()
}

async function readOnce<T>(
  store: Pick<Store, 'get'>,
  object: ObjectVersion,
  hash: (source: AsyncIterable<Uint8Array>) => Promise<T>,
  signal: AbortSignal,
): Promise<T | null> {
  try {
    return await hash(await store.get(object, { signal }))
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}
