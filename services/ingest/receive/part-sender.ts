import type { Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Store, UploadedPart } from '../../foundation/store/store.ts'

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
  /** The absolute offset of the next byte that goes into a part. */
  position: number
  partNumber: number
  /** Bytes below this offset are in `hash` already: those of the tail were digested when they came. */
  digestedTo: number
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

/** Told of each durable part, strictly in order. */
export type OnDurable = (part: DurablePart) => Promise<void>

/** How long parts that were sent whole may take to be acknowledged after the body broke off. */
const settleMs = 600

/**
 * Streams the body into parts of the given lengths, from socket to socket. While one part waits for its acknowledgement
 * the next one streams, never more than two at a time; nothing is held but the buffers of the sockets.
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
  let earlier: Promise<void> = Promise.resolve()
  try {
    for (const bytes of lengths) {
      target.stop.throwIfAborted()
      const before = earlier
      const sending = sendPart(target, body, cursor, bytes)
      // A part that failed before this one must be heard at once, however slowly the body comes.
      await Promise.race([sending.handedOver, before.then(() => sending.handedOver)])
      const at = { to: cursor.position, hash: cursor.hash?.copy() ?? null }
      earlier = before.then(async () => onDurable({ ...at, part: await sending.acknowledged }))
      earlier.catch(() => undefined) // awaited below; until then it must not count as unhandled
      await before
    }
    await earlier
  } catch (error) {
    await Promise.race([earlier.catch(() => undefined), timeout(settleMs)])
    throw error
  }
}

/** Sends bytes that are in memory as one part. */
export async function sendBuffer(target: PartTarget, cursor: Cursor, bytes: Buffer): Promise<DurablePart> {
  const { store, key, multipartId, kill } = target
  const number = cursor.partNumber
  const part = await store.putPart({ bucket: 'originals', key, multipartId, number, bytes: bytes.length }, bytes, kill)
  cursor.partNumber += 1
  cursor.position += bytes.length
  return { part, to: cursor.position, hash: cursor.hash?.copy() ?? null }
}

/** Stores bytes that are too few for a part, until more come, under a key that is new. */
export async function sendTail(store: Pick<Store, 'put'>, key: string, bytes: Buffer): Promise<void> {
  await store.put('tails', key, bytes)
}

/** Stores an empty file, which has no part. Returns its version. */
export async function sendEmptyFile(store: Pick<Store, 'put'>, key: string): Promise<string> {
  return (await store.put('originals', key, new Uint8Array())).versionId
}

/** Takes bytes of the body into both digests; `from` is the absolute offset of the first of them. */
export function digestChunk(cursor: Cursor, from: number, chunk: Uint8Array): void {
  const fresh = chunk.subarray(Math.min(chunk.length, Math.max(0, cursor.digestedTo - from)))
  if (fresh.length === 0) return
  cursor.hash?.update(fresh)
  cursor.bodyHash?.update(fresh)
  cursor.digestedTo = from + chunk.length
}

interface Sending {
  /** Resolves when the part's last byte was taken from the body; rejects when body or store failed. */
  readonly handedOver: Promise<void>
  readonly acknowledged: Promise<UploadedPart>
}

function sendPart(target: PartTarget, body: Readable, cursor: Cursor, bytes: number): Sending {
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
    digestChunk(cursor, cursor.position, chunk)
    cursor.position += chunk.length
    left -= chunk.length
    if (left > 0) return
    stop.removeEventListener('abort', onStop) // it is whole: it counts
    resolve()
  }
  const acknowledged = store
    .putPart({ bucket: 'originals', key, multipartId, number, bytes }, body, give.signal, { onBytes, keepSource: true })
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
