import { type FileHandle, open, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
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
  await requireRoom(dirname(path), recording.bytes)
  const first = await fetchOnce(primary, recording, path, signal)
  // A flipped bit on the way is not damage: what differs is read a second time before it counts.
  return 'head' in first ? first : fetchOnce(primary, recording, path, signal)
}

async function fetchOnce(
  primary: Pick<Store, 'get'>,
  recording: SealedRecording,
  path: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const hash = createRunningHash({ sm3: false })
  const head: Buffer[] = []
  let headBytes = 0
  let batch: Buffer[] = []
  let batchBytes = 0
  let writing: Promise<void> = Promise.resolve()
  const file = await open(path, 'w', 0o600)
  try {
    const source = await openOriginal({
      of: { recordingId: recording.id },
      store: primary,
      copy: primaryCopy(recording).object,
      bytes: recording.bytes,
      length: 'compared',
      signal,
    })
    for await (const chunk of source as AsyncIterable<Buffer>) {
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
  return equalsSealed(recording, found) ? { head: Buffer.concat(head) } : { differs: found }
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
