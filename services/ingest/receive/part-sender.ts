import type { Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { TailPiece } from '../../custody/intake/upload-tail.ts'
import type { Store, UploadedPart } from '../../foundation/store/store.ts'
import { bytesOfPieces } from './tail-source.ts'

/** The multipart upload on the store that a body goes into. */
export interface PartTarget {
  readonly store: Store
  readonly key: string
  readonly multipartId: string
  /** Aborted: no further byte of the body is taken; parts that were sent whole still count. */
  readonly stop: AbortSignal
  /** Aborted: whatever is still on its way to the store is given up. */
  readonly kill: AbortSignal
}

/** Where a body stands. */
export interface Cursor {
  /** The absolute offset of the next byte of the body: every byte before it is in the digests. */
  position: number
  /** Of the next part. */
  partNumber: number
  /** Null when this process did not see every byte: the digest is made later from the stored version. */
  readonly hash: Hash | null
  /** Digest of this body alone, for Upload-Checksum. */
  readonly bodyHash: Hash | null
}

/** A part that is durable: the file up to `to` is, when every part before it is. */
export interface DurablePart {
  readonly part: UploadedPart
  readonly to: number
  /** The running digest as it stands at `to`. */
  readonly hash: Hash | null
}

/** Told of durable parts, strictly in order: all that have become durable since it was told before. */
export type OnDurable = (parts: readonly DurablePart[]) => Promise<void>

/** How long parts that were sent whole may take to be acknowledged after the body broke off. */
const settleMs = 600
/** A part of 5 MiB streams in less time than the store takes to make it durable: several wait for that at once. */
const underWayMax = 4

/**
 * Streams the body into parts of the given lengths, from socket to socket. While some parts wait for their acknowledgement
 * the next one streams, never more than four in all; nothing is held but the buffers of the sockets.
 *
 * When the body breaks off, parts that were sent whole are still waited for: they count.
 *
 * @throws the error of the body, of the store, of `onDurable`, or the reason of a signal
 */
export async function sendParts(
  target: PartTarget,
  body: Readable,
  cursor: Cursor,
  lengths: readonly number[],
  onDurable: OnDurable,
): Promise<void> {
  const underWay: Promise<void>[] = []
  const durable: DurablePart[] = []
  let acknowledged: Promise<unknown> = Promise.resolve()
  let counted: Promise<void> = Promise.resolve()
  let earlier: Promise<void> = Promise.resolve()
  // Parts that are acknowledged while others are being counted are counted together: a slow database holds up nobody.
  const count = async () => {
    const parts = durable.splice(0)
    if (parts.length > 0) await onDurable(parts)
  }
  try {
    for (const bytes of lengths) {
      target.stop.throwIfAborted()
      const before = earlier
      const sending = sendPart(target, body, cursor, { bytes, isFollowing: underWay.length > 0 })
      // A part that failed before this one must be heard at once, however slowly the body comes.
      await Promise.race([sending.handedOver, before.then(() => sending.handedOver)])
      const at = { to: cursor.position, hash: cursor.hash?.copy() ?? null }
      const inOrder = acknowledged.then(() => sending.acknowledged)
      acknowledged = inOrder
      earlier = inOrder.then((part) => {
        durable.push({ ...at, part })
        counted = counted.then(count)
        return counted
      })
      earlier.catch(() => undefined) // awaited below; until then it must not count as unhandled
      underWay.push(earlier)
      if (underWay.length === underWayMax) await underWay.shift()
    }
    await earlier
  } catch (error) {
    const settled = earlier.catch(() => counted).catch(() => undefined)
    await Promise.race([settled, timeout(settleMs)])
    throw error
  }
}

/** Sends bytes that are in memory, and in the digests, as one part. */
export async function sendBuffer(target: PartTarget, cursor: Cursor, bytes: Buffer): Promise<DurablePart> {
  const { store, key, multipartId, kill } = target
  const number = cursor.partNumber
  const part = await store.putPart({ bucket: 'originals', key, multipartId, number, bytes: bytes.length }, bytes, kill)
  cursor.partNumber += 1
  return { part, to: cursor.position, hash: cursor.hash?.copy() ?? null }
}

/**
 * Sends pieces that lie in `tails`, and after them `rest`, as one part: streamed from the store to the store, so that no
 * more than a piece is in memory. When the request is to stop, the part has a moment to become durable.
 *
 * @throws not_found when a piece is gone; bytes_differ; store_down
 */
export async function sendPieces(
  target: PartTarget,
  cursor: Cursor,
  pieces: readonly TailPiece[],
  rest: Buffer,
): Promise<DurablePart> {
  if (pieces.length === 0) return sendBuffer(target, cursor, rest)
  const { store, key, multipartId, stop, kill } = target
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, rest.length)
  const give = new AbortController()
  const onStop = () => setTimeout(() => give.abort(stop.reason), settleMs).unref()
  const signal = AbortSignal.any([kill, give.signal])
  stop.addEventListener('abort', onStop, { once: true })
  try {
    const source = Readable.from(bytesOfPieces(store, pieces, rest, signal), { objectMode: false })
    const number = cursor.partNumber
    const part = await store.putPart({ bucket: 'originals', key, multipartId, number, bytes }, source, signal)
    cursor.partNumber += 1
    return { part, to: cursor.position, hash: cursor.hash?.copy() ?? null }
  } finally {
    stop.removeEventListener('abort', onStop)
  }
}

/** Stores bytes that are too few for a part, until more come, under a key that is new. */
export async function sendPiece(store: Pick<Store, 'put'>, key: string, bytes: Buffer): Promise<void> {
  await store.put('tails', key, bytes)
}

/** Stores an empty file, which has no part. Returns its version. */
export async function sendEmptyFile(store: Pick<Store, 'put'>, key: string): Promise<string> {
  return (await store.put('originals', key, new Uint8Array())).versionId
}

/** Takes the next bytes of the body into both digests. */
export function digestChunk(cursor: Cursor, chunk: Uint8Array): void {
  cursor.hash?.update(chunk)
  cursor.bodyHash?.update(chunk)
  cursor.position += chunk.length
}

interface Sending {
  /** Resolves when the part's last byte was taken from the body; rejects when body or store failed. */
  readonly handedOver: Promise<void>
  readonly acknowledged: Promise<UploadedPart>
}

function sendPart(
  target: PartTarget,
  body: Readable,
  cursor: Cursor,
  { bytes, isFollowing }: { bytes: number; isFollowing: boolean },
): Sending {
  const { store, key, multipartId, stop, kill } = target
  const number = cursor.partNumber
  cursor.partNumber += 1
  const { promise: handedOver, resolve, reject } = Promise.withResolvers<void>()
  const give = new AbortController()
  const onStop = () => give.abort(stop.reason)
  const onKill = () => give.abort(kill.reason)
  stop.addEventListener('abort', onStop, { once: true })
  kill.addEventListener('abort', onKill, { once: true })
  let left = bytes
  const onBytes = (chunk: Uint8Array) => {
    digestChunk(cursor, chunk)
    left -= chunk.length
    if (left > 0) return
    stop.removeEventListener('abort', onStop) // it is whole: it counts
    resolve()
  }
  const acknowledged = store
    .putPart({ bucket: 'originals', key, multipartId, number, bytes }, body, give.signal, {
      onBytes,
      keepSource: true,
      isFollowing,
    })
    .finally(() => {
      stop.removeEventListener('abort', onStop)
      kill.removeEventListener('abort', onKill)
    })
  acknowledged.catch(reject)
  handedOver.catch(() => undefined)
  return { handedOver, acknowledged }
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
