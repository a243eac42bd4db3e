import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { partBytesMinFor, type UploadRow, uploadExpiry } from '../../custody/intake/upload.ts'
import { keepMultipart, moveOffset, partsOf, restartUpload } from '../../custody/intake/upload-progress.ts'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import { tailKey } from '../../foundation/store/keys.ts'
import type { Store, UploadedPart } from '../../foundation/store/store.ts'
import type { Checksum } from './body-checksum.ts'
import { readBody } from './body-reader.ts'
import { sendBuffered } from './buffered.ts'
import type { HashMemory } from './hash-memory.ts'
import { planParts } from './part-plan.ts'
import { type Cursor, type OnDurable, type PartTarget, sendBuffer, sendParts, sendTail } from './part-sender.ts'

export interface ReceiveDeps {
  readonly db: Db
  /** The primary. */
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly hashes: HashMemory
  readonly idleDays: number
}

export interface Body {
  readonly stream: Readable
  /** Content-Length; null when chunks come until they end. */
  readonly bytes: number | null
  readonly checksum: Checksum | null
}

export interface Received {
  readonly offset: number
  readonly isComplete: boolean
  readonly expiresAt: Date
}

/** A body that is being received: what others may do to it. */
export interface Receiving {
  readonly done: Promise<Received>
  /** The absolute offset up to which bytes were taken from the body: while it moves, the sender is alive. */
  takenTo(): number
  /** Ends it; parts that are with the store already still count. */
  stop(reason: Fault): void
}

/**
 * Receives the body of one PATCH into the upload, whose row was read after `holder` took its lease. What becomes durable
 * moves the offset part by part; with a checksum, all at once and only if it fits.
 *
 * `done` rejects with what went wrong; the offset then stands at what is durable.
 */
export function receiveBody(deps: ReceiveDeps, upload: UploadRow, holder: string, body: Body): Receiving {
  const stop = new AbortController()
  const kill = new AbortController()
  let cursor: Cursor | null = null
  // Between two parts nobody else listens, and an error that nobody hears ends the process.
  body.stream.on('error', () => undefined)
  const run = async (): Promise<Received> => {
    try {
      const watch = (opened: Cursor) => {
        cursor = opened
      }
      return await receive(deps, { upload, holder, body, stop: stop.signal, kill: kill.signal, watch })
    } catch (error) {
      if (isFault(error, 'not_found')) return await beginAgain(deps, upload, holder, error)
      throw error === body.stream.errored ? cutOff(error) : error
    } finally {
      // Whatever is still on its way to the store comes too late.
      kill.abort(new Fault('conflict', 'the request that sent this part is over'))
      body.stream.resume()
    }
  }
  return { done: run(), takenTo: () => cursor?.digestedTo ?? 0, stop: (reason) => stop.abort(reason) }
}

interface Session {
  readonly upload: UploadRow
  readonly holder: string
  readonly body: Body
  readonly stop: AbortSignal
  readonly kill: AbortSignal
  watch(cursor: Cursor): void
}

async function receive(deps: ReceiveDeps, session: Session): Promise<Received> {
  const { upload, body } = session
  const tail = await readTail(deps.store, upload)
  const start = upload.received_bytes
  const cursor: Cursor = {
    position: start - (tail?.length ?? 0),
    partNumber: (await partsOf(deps.db, upload.id)).length + 1,
    digestedTo: start,
    hash: deps.hashes.at(upload.id, start),
    bodyHash: body.checksum ? createHash(body.checksum.algorithm) : null,
  }
  session.watch(cursor)
  const row = openProgress(deps, session)
  const target = openTarget(deps, session)
  // A checksummed body counts whole or not at all.
  const held: UploadedPart[] = []
  const onDurable: OnDurable = body.checksum ? async ({ part }) => void held.push(part) : row.move
  const receiveIn = body.bytes === null ? receiveUnknown : receiveKnown
  const rest = await receiveIn({ ...session, cursor, target, onDurable, tail })
  if (body.checksum) requireChecksum(body.checksum, cursor)
  const newTail = rest && (await putTail(deps.store, session, cursor.position, rest))
  const end = cursor.position + (rest?.length ?? 0)
  if (end > row.offset()) await row.moveTo(end, held, cursor.hash?.copy() ?? null, newTail)
  return { offset: row.offset(), isComplete: row.offset() === upload.bytes, expiresAt: row.expiresAt() }
}

interface Flow extends Session {
  readonly cursor: Cursor
  readonly target: () => Promise<PartTarget>
  readonly onDurable: OnDurable
  readonly tail: Buffer | null
}

/** A body with Content-Length. Returns the bytes that are too few for a part, or null. */
async function receiveKnown(flow: Flow): Promise<Buffer | null> {
  const { upload, tail, body, cursor } = flow
  const bodyBytes = body.bytes ?? 0
  if (bodyBytes === 0) return null
  const isEnd = upload.received_bytes + bodyBytes === upload.bytes
  const sizes = { partBytes: upload.part_bytes, partBytesMin: partBytesMinFor(upload.bytes) }
  const plan = planParts((tail?.length ?? 0) + bodyBytes, sizes, isEnd)
  if (plan.parts.length === 0) return gather(flow, plan.tailBytes)
  if (tail) body.stream.unshift(tail)
  await sendParts(await flow.target(), body.stream, cursor, plan.parts, flow.onDurable)
  return null
}

/** A body that comes in chunks until it ends. Returns the bytes that are too few for a part, or null. */
async function receiveUnknown(flow: Flow): Promise<Buffer | null> {
  const { upload, cursor } = flow
  const partBytesMin = partBytesMinFor(upload.bytes)
  const rest = await gather(flow, partBytesMin)
  if (cursor.position + rest.length === upload.received_bytes) return null // the body was empty
  const isEnd = cursor.position + rest.length === upload.bytes
  if (!isEnd && rest.length < partBytesMin) return rest
  if (rest.length > 0) await flow.onDurable(await sendBuffer(await flow.target(), cursor, rest))
  return null
}

/** Takes the body through one buffer of `partBytesMin`; returns what remains in it. */
async function gather(flow: Flow, partBytesMin: number): Promise<Buffer> {
  const reader = readBody(flow.body.stream, flow.tail)
  const onStop = () => reader.stop(flow.stop.reason)
  flow.stop.addEventListener('abort', onStop, { once: true })
  try {
    flow.stop.throwIfAborted()
    const sizes = { partBytesMin, bytesMax: flow.upload.bytes }
    return await sendBuffered(flow.target, reader, flow.cursor, sizes, flow.onDurable)
  } finally {
    flow.stop.removeEventListener('abort', onStop)
    reader.close()
  }
}

/** The row's side of it: moves the offset and remembers where it stands. */
function openProgress(deps: ReceiveDeps, { upload, holder }: Session) {
  let offset = upload.received_bytes
  let expiresAt = upload.expires_at
  let tailKeyNow = upload.tail_key
  const moveTo = async (
    to: number,
    parts: readonly UploadedPart[],
    hash: Cursor['hash'],
    tail: { key: string; bytes: number } | null,
  ) => {
    const now = deps.clock.now()
    expiresAt = uploadExpiry(now, deps.idleDays)
    const isComplete = to === upload.bytes
    const completed = isComplete ? { sha256: hash?.copy().digest() ?? null } : null
    await moveOffset(deps.db, upload.id, holder, { from: offset, to, parts, tail, now, expiresAt, completed })
    offset = to
    if (isComplete || hash === null) deps.hashes.forget(upload.id)
    else deps.hashes.keep(upload.id, { offset: to, hash })
    if (tailKeyNow) await removeTail(deps, tailKeyNow)
    tailKeyNow = tail?.key ?? null
  }
  return {
    offset: () => offset,
    expiresAt: () => expiresAt,
    moveTo,
    move: (({ part, to, hash }) => moveTo(to, [part], hash, null)) satisfies OnDurable,
  }
}

/** The multipart upload, begun when the first part needs it. */
function openTarget(deps: ReceiveDeps, { upload, holder, stop, kill }: Session): () => Promise<PartTarget> {
  let multipartId = upload.multipart_id
  return async () => {
    if (!multipartId) {
      const started = await deps.store.startMultipart('originals', upload.object_key)
      await keepMultipart(deps.db, upload.id, holder, started.multipartId)
      multipartId = started.multipartId
    }
    return { store: deps.store, key: upload.object_key, multipartId, stop, kill }
  }
}

/** "In the first two cases the uploaded chunk MUST be discarded, and the upload and its offset MUST NOT be updated." */
function requireChecksum(checksum: Checksum, cursor: Cursor): void {
  const own = cursor.bodyHash?.digest()
  if (own?.equals(checksum.digest)) return
  throw new Fault('checksum_differs', `Upload-Checksum: the body has another ${checksum.algorithm} and was discarded`, {
    details: { expected: checksum.digest.toString('base64'), own: own?.toString('base64') ?? null },
  })
}

async function readTail(store: Store, upload: UploadRow): Promise<Buffer | null> {
  if (upload.tail_key === null) return null
  const source = await store.get({ bucket: 'tails', key: upload.tail_key, versionId: null })
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  const tail = Buffer.concat(chunks)
  if (tail.length === upload.tail_bytes) return tail
  throw new Fault('bytes_differ', `the tail of upload ${upload.id} has ${tail.length} bytes, not ${upload.tail_bytes}`)
}

/** The holder's id makes the key fresh: objects are written once, and a tail that is sent again may be another. */
async function putTail(store: Store, { upload, holder }: Session, from: number, bytes: Buffer) {
  const key = `${tailKey(upload.id, from)}-${holder}`
  await sendTail(store, key, bytes)
  return { key, bytes: bytes.length }
}

/** A tail that stays behind costs a few MiB and nothing else: its row no longer names it. */
async function removeTail(deps: ReceiveDeps, key: string): Promise<void> {
  await deps.store.remove('tails', key).catch((error: unknown) => {
    deps.log.warn({ err: error, key }, 'a tail that is part of its upload now could not be removed')
  })
}

function cutOff(cause: unknown): Fault {
  return new Fault('bad_request', 'the connection ended before the body did: ask for the offset and go on', { cause })
}

async function beginAgain(deps: ReceiveDeps, upload: UploadRow, holder: string, cause: Fault): Promise<never> {
  deps.hashes.forget(upload.id)
  await restartUpload(deps.db, deps.clock, upload, holder)
  throw new Fault('offset_differs', 'the store has lost what arrived of this upload: it begins again at offset 0', {
    cause,
    details: { offset: 0 },
  })
}
