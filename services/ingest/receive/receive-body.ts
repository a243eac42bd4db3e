import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { UploadRow } from '../../custody/intake/upload.ts'
import { countCut, keepMultipart, partsOf, restartUpload } from '../../custody/intake/upload-progress.ts'
import { tailOf } from '../../custody/intake/upload-tail.ts'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Store } from '../../foundation/store/store.ts'
import type { Checksum } from './body-checksum.ts'
import { readBody } from './body-reader.ts'
import type { HashMemory } from './hash-memory.ts'
import { planParts } from './part-plan.ts'
import { type Cursor, type PartTarget, sendParts } from './part-sender.ts'
import { receiveInPieces } from './pieces.ts'
import { openProgress, type Progress } from './progress.ts'

/** An upload whose connection broke this often goes on in pieces: until then a cut may cost a part. */
const cutsUntilPieces = 2

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
      // A dock that asks for the offset has lost its connection, whether we have noticed or not.
      if (hasBrokenOff(body.stream) || isFault(stop.signal.reason, 'locked')) await noteCut(deps, upload.id)
      throw error === body.stream.errored ? cutOff(error) : error
    } finally {
      // Whatever is still on its way to the store comes too late.
      kill.abort(new Fault('conflict', 'the request that sent this part is over'))
      body.stream.resume()
    }
  }
  return { done: run(), takenTo: () => cursor?.position ?? 0, stop: (reason) => stop.abort(reason) }
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
  const { upload, holder, body } = session
  const start = upload.received_bytes
  const tail = await tailOf(deps.db, upload.id)
  const cursor: Cursor = {
    position: start,
    partNumber: (await partsOf(deps.db, upload.id)).length + 1,
    hash: deps.hashes.at(upload.id, start),
    bodyHash: body.checksum ? createHash(body.checksum.algorithm) : null,
  }
  session.watch(cursor)
  // A body with a checksum counts whole or not at all.
  const progress = openProgress(deps, { upload, holder, tail }, body.checksum !== null)
  const flow: Flow = { ...session, cursor, progress, target: openTarget(deps, session) }
  try {
    const lengths = partLengths(flow)
    await (lengths ? receiveParts(flow, lengths) : receivePieces(deps, flow))
    if (body.checksum) {
      requireChecksum(body.checksum, cursor)
      if (cursor.position > start) await progress.count()
    }
  } finally {
    await progress.removeUncounted()
  }
  return {
    offset: progress.offset(),
    isComplete: progress.offset() === upload.bytes,
    expiresAt: progress.expiresAt(),
  }
}

interface Flow extends Session {
  readonly cursor: Cursor
  readonly progress: Progress
  readonly target: () => Promise<PartTarget>
}

/**
 * The parts that the body is streamed into as it comes, or null when it goes through pieces: its length is not announced, it
 * is too short for a part, pieces wait for it, or the line has broken twice. A body with a checksum gains nothing by pieces
 * on a weak line, since what arrived of it must not be kept.
 */
function partLengths({ upload, body, progress }: Flow): readonly number[] | null {
  if (body.bytes === null || progress.tail().length > 0) return null
  if (upload.cuts >= cutsUntilPieces && !body.checksum) return null
  return planParts(body.bytes, upload.part_bytes, upload.received_bytes + body.bytes === upload.bytes)
}

async function receiveParts(flow: Flow, lengths: readonly number[]): Promise<void> {
  if (lengths.length === 0) return // the file was complete, or the body is empty
  await sendParts(await flow.target(), flow.body.stream, flow.cursor, lengths, async (durable) => {
    const { to, hash } = durable.at(-1)!
    await flow.progress.advance({ to, hash, parts: durable.map(({ part }) => part), tail: [] })
  })
}

async function receivePieces(deps: ReceiveDeps, flow: Flow): Promise<void> {
  const reader = readBody(flow.body.stream)
  const onStop = () => reader.stop(flow.stop.reason)
  flow.stop.addEventListener('abort', onStop, { once: true })
  try {
    flow.stop.throwIfAborted()
    const { store, log } = deps
    await receiveInPieces({ ...flow, store, log, reader, isWholeOrNothing: flow.body.checksum !== null })
  } finally {
    flow.stop.removeEventListener('abort', onStop)
    reader.close()
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

/** A count that is lost costs a part once more; the dock must hear why its body was not taken. */
async function noteCut({ db, log }: ReceiveDeps, uploadId: string): Promise<void> {
  await countCut(db, uploadId).catch((error: unknown) => {
    log.warn({ err: error, uploadId }, 'a broken connection could not be counted')
  })
}

function hasBrokenOff(stream: Readable): boolean {
  return stream.destroyed && !stream.readableEnded
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
