import { createWriteStream } from 'node:fs'
import { open, truncate, writeFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { primaryCopy, type SealedRecording } from '../../../services/custody/copies/copies.ts'
import { openOriginal } from '../../../services/custody/copies/read-original.ts'
import { createRunningHash } from '../../../services/foundation/hash.ts'
import type { Store } from '../../../services/foundation/store/store.ts'
import { sniffMedia } from '../media-sniff.ts'
import { sniffBytes } from '../sniff/sniffed.ts'
import { boxHeaderBytes, type TopBox, topBox } from './top-boxes.ts'

/** Bytes of the original that were read: offsets of the first, and of the one after the last. */
export interface ReadBytes {
  readonly fromByte: number
  readonly toByte: number
}

/** The same with the SHA-256, in hex, of what the store gave for them. */
export interface FetchedBytes extends ReadBytes {
  readonly sha256: string
}

/** What a preview can be made of. */
export interface Ends {
  /** The demuxer to force, and what a device wrote before the file proper. */
  readonly format: string
  readonly skipBytes: number
  /** So much of the file's beginning lies in the scratch file. */
  readonly headBytes: number
  /**
   * Whether packets beyond the head are listed by the file's index: then the scratch file has holes where nothing was read.
   * Otherwise it ends with the head.
   */
  readonly hasIndex: boolean
  readonly read: readonly FetchedBytes[]
}

/** Sixty seconds at 9 Mbit/s, what body cameras write at most. */
const headBytesMax = 64 * 1024 * 1024
/** The index of two days of film is smaller. */
const indexBytesMax = 64 * 1024 * 1024
/** A film has a handful of top-level boxes; each behind the head is a request to the store. */
const boxesMax = 32
const writeBytes = 1024 * 1024
/** What can be read from its front without knowing the rest. MP4 and MOV (`mov`) need their index as well. */
const readFromFront = new Set(['mpegts', 'matroska', 'flv', 'wav'])

/**
 * Brings an original's first 64 MiB into the file `path`, and of MP4 and MOV the index as well, wherever it stands: at its
 * own place, with a hole before it. Nothing is compared with the sealed digest here; the digests of what was read are
 * compared with the original's own bytes once these are known (`compare-preview.ts`).
 *
 * @returns null when a preview of this format would need more of the file, or its index cannot be found
 * @throws not_found when the copy is gone, bytes_differ or bad_request when it is shorter than what was sealed; store_down;
 *   the signal's reason
 */
export async function fetchEnds(
  primary: Pick<Store, 'get'>,
  recording: SealedRecording,
  path: string,
  signal: AbortSignal,
): Promise<Ends | null> {
  const from: Source = { primary, recording, path, signal, read: [] }
  const headBytes = Math.min(headBytesMax, recording.bytes)
  const beginning = { fromByte: 0, toByte: Math.min(sniffBytes, headBytes) }
  // What cannot have a preview is not fetched for one.
  if (readableFrom(await readRange(from, beginning)) === null) return null
  await writeFile(path, '', { mode: 0o600 })
  await fetchRange(from, { fromByte: 0, toByte: headBytes })
  // What was fetched decides, for that is what is compared later.
  const readable = readableFrom(await readFetched(path, beginning))
  if (readable === null) return null
  if (readable.hasIndex && !(await fetchIndex(from, headBytes))) return null
  return { ...readable, headBytes, read: from.read }
}

/** Brings the index to its own place, and makes the scratch file as long as the original. False when it is not found. */
async function fetchIndex(from: Source, headBytes: number): Promise<boolean> {
  const index = await findIndex(from, headBytes)
  if (!index || index.toByte - index.fromByte > indexBytesMax) return false
  if (index.toByte > headBytes) {
    await fetchRange(from, { fromByte: Math.max(headBytes, index.fromByte), toByte: index.toByte })
  }
  await truncate(from.path, from.recording.bytes)
  return true
}

/** How a file that begins like this can be read from its ends; null when it cannot. */
function readableFrom(head: Buffer): Pick<Ends, 'format' | 'skipBytes' | 'hasIndex'> | null {
  const sniffed = sniffMedia(head)
  if (sniffed.format === null || sniffed.media !== 'stream') return null
  const { format, skipBytes } = sniffed
  const hasIndex = format === 'mov' && skipBytes === 0
  return hasIndex || readFromFront.has(format) ? { format, skipBytes, hasIndex } : null
}

/** An original, and the scratch file that holds what was fetched of it. */
interface Source {
  readonly primary: Pick<Store, 'get'>
  readonly recording: SealedRecording
  readonly path: string
  readonly signal: AbortSignal
  /** What was fetched so far. */
  readonly read: FetchedBytes[]
}

/** The box `moov`, by the headers of the boxes before it: those in the head, then one by one. */
async function findIndex(from: Source, headBytes: number): Promise<TopBox | null> {
  const fileBytes = from.recording.bytes
  let at = 0
  for (let boxes = 0; boxes < boxesMax && at < fileBytes; boxes++) {
    const range = { fromByte: at, toByte: Math.min(fileBytes, at + boxHeaderBytes) }
    if (range.toByte > headBytes) await fetchRange(from, range)
    const box = topBox(await readFetched(from.path, range), at, fileBytes)
    if (box === null || box.type === 'moov') return box
    at = box.toByte
  }
  return null
}

async function readFetched(path: string, { fromByte, toByte }: ReadBytes): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(toByte - fromByte), 0, toByte - fromByte, fromByte)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function readRange(from: Source, range: ReadBytes): Promise<Buffer> {
  return Buffer.concat((await (await openRange(from, range)).toArray()) as Buffer[])
}

/** Writes the bytes into the scratch file, at their own place, and keeps their digest. */
async function fetchRange(from: Source, range: ReadBytes): Promise<void> {
  const target = createWriteStream(from.path, { flags: 'r+', start: range.fromByte, highWaterMark: writeBytes })
  const hash = createRunningHash({ sm3: false })
  const source = await openRange(from, range)
  await pipeline(
    source,
    async function* hashed(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        yield chunk
      }
    },
    target,
    { signal: from.signal },
  )
  from.read.push({ ...range, sha256: hash.digest().sha256.toString('hex') })
}

function openRange({ primary, recording, signal }: Source, { fromByte, toByte }: ReadBytes): Promise<Readable> {
  return openOriginal({
    ...{ of: { recordingId: recording.id }, store: primary, copy: primaryCopy(recording).object },
    ...{ bytes: recording.bytes, range: { start: fromByte, end: toByte - 1 }, length: 'required', signal },
  })
}
