import { type FileHandle, open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { primaryCopy, type SealedRecording } from '../../services/custody/copies/copies.ts'
import { openOriginal } from '../../services/custody/copies/read-original.ts'
import { equalsSealed, type Found } from '../../services/custody/copies/verification.ts'
import { Fault, isFault } from '../../services/foundation/errors.ts'
import { createRunningHash } from '../../services/foundation/hash.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { sniffBytes } from './sniff/sniffed.ts'

/** The disk is written in pieces of this size: many small ones cost more than what they write. */
const writeBytes = 1024 * 1024

export type Fetched = { readonly head: Buffer } | { readonly differs: Found }

/** What must stay free on the scratch disk beside an original, for what is made of it. */
const spareBytes = 256 * 1024 * 1024

/**
 * Brings an original by its version into the file `path`, hashing on the way: nothing is made of bytes that are not the
 * sealed ones. Returns the file's first bytes, or what was found instead of the sealed digest.
 *
 * @throws store_full when the scratch disk has not enough room
 */
export async function fetchOriginal(
  primary: Pick<Store, 'get'>,
  recording: SealedRecording,
  path: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const { bytes, sha256 } = recording
  const copy = primaryCopy(recording).object
  const open = () =>
    openOriginal({ of: { recordingId: recording.id }, store: primary, copy, bytes, length: 'compared', signal })
  return fetchCompared({ open, bytes, sha256 }, path)
}

/** An object of which length and digest are known. */
export interface KnownObject {
  readonly open: () => Promise<Readable>
  readonly bytes: number
  readonly sha256: Buffer
}

/**
 * Brings an object into the file `path`, hashing on the way. Returns the file's first bytes, or what was found instead of
 * the known digest.
 *
 * @throws store_full when the scratch disk has not enough room; what `open` and its stream throw, but for not_found
 */
export async function fetchCompared(object: KnownObject, path: string): Promise<Fetched> {
  await requireRoom(dirname(path), object.bytes)
  const first = await fetchOnce(object, path)
  // A flipped bit on the way is not damage: what differs is read a second time before it counts.
  return 'head' in first ? first : fetchOnce(object, path)
}

async function fetchOnce(object: KnownObject, path: string): Promise<Fetched> {
  const hash = createRunningHash({ sm3: false })
  const head: Buffer[] = []
  let headBytes = 0
  let batch: Buffer[] = []
  let batchBytes = 0
  let writing: Promise<void> = Promise.resolve()
  const file = await open(path, 'w', 0o600)
  try {
    for await (const chunk of (await object.open()) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      if (headBytes < sniffBytes) {
        head.push(chunk.subarray(0, sniffBytes - headBytes))
        headBytes += head.at(-1)!.length
      }
      batch.push(chunk)
      batchBytes += chunk.length
      if (batchBytes < writeBytes) continue
      // The disk takes one batch while the next comes in.
      await writing
      writing = writeWhole(file, batch)
      writing.catch(() => undefined)
      batch = []
      batchBytes = 0
    }
    await writing
    await writeWhole(file, batch)
  } catch (error) {
    if (isFault(error, 'not_found')) return { differs: null }
    throw error
  } finally {
    await writing.catch(() => undefined)
    await file.close()
  }
  const found = hash.digest()
  return equalsSealed(object, found) ? { head: Buffer.concat(head) } : { differs: found }
}

async function writeWhole(file: FileHandle, batch: readonly Buffer[]): Promise<void> {
  const bytes = Buffer.concat(batch)
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

async function requireRoom(directory: string, bytes: number): Promise<void> {
  const disk = await statfs(directory)
  const free = disk.bavail * disk.bsize
  // The original and, at most about as large, its rendition.
  const needed = 2 * bytes + spareBytes
  if (free < needed) {
    throw new Fault(
      'store_full',
      `the scratch disk has ${free} bytes free, ${needed} are needed: make room or a larger one`,
    )
  }
}
