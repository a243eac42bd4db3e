import { isFault } from '../../foundation/errors.ts'
import { Refused } from '../ingest/client.ts'
import { sendByTus } from '../ingest/tus.ts'
import type { FileProgress, FileRecord, HandInRecord } from '../spool/records.ts'
import type { StationDeps } from './deps.ts'
import { signedDigest } from './digest-statement.ts'

/** Now by the bureau's clock, not later than it is there; by this station's own while that was never heard. */
export function bureauNow({ ingest, now }: Pick<StationDeps, 'ingest' | 'now'>): number {
  const clock = ingest.clock()
  return Math.floor(clock ? now() + clock.offsetMs - clock.errorMs : now())
}

/** Keeps two from sending one file at a time. */
export const keyOfFile = (handIn: HandInRecord, file: FileRecord) => `${handIn.id}/${file.number}`

/**
 * Sends a file's bytes from a place of its own, as far as the bureau lacks them. What is durable there shows in the record
 * while it runs, and is kept when it is complete.
 *
 * @returns the upload's id @throws Away, Refused, and what `bytesFrom` throws
 */
export async function sendBytes(
  deps: StationDeps,
  { handIn, file }: { handIn: HandInRecord; file: FileRecord },
  bytesFrom: (offset: number) => AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<string> {
  const { places, ingest, book, patienceMs } = deps
  const who = { device: handIn.serial, isMarked: file.mark }
  return await places.run(who, signal, () =>
    sendByTus(
      ingest,
      { id: file.uploadId, bytes: file.bytes, metadata: metadataOf(handIn, file) },
      (offset) => places.paced(handIn.serial, moving(bytesFrom(offset), deps), signal),
      {
        patienceMs,
        signal,
        onOffset: (offset) => {
          file.sentBytes = offset
        },
        onBegun: async (uploadId) => {
          // The bureau's clock was heard just now. A later time comes from this station's own while that was ahead, and would
          // make every receipt look older than the reading.
          const readMs = Math.min(file.readMs ?? Number.POSITIVE_INFINITY, bureauNow(deps))
          await book.saveFile(handIn, file, { uploadId, readMs })
          deps.onStep('upload_begun')
        },
      },
    ),
  )
}

async function* moving(bytes: AsyncIterable<Buffer>, { onStep }: Pick<StationDeps, 'onStep'>): AsyncIterable<Buffer> {
  for await (const chunk of bytes) {
    yield chunk
    onStep('bytes_moving')
  }
}

function metadataOf(handIn: HandInRecord, file: FileRecord): Record<string, Buffer> {
  const text = (value: string) => Buffer.from(value, 'utf8')
  return {
    serial: text(handIn.serial),
    filename: file.name,
    ...(file.deviceTime === null ? {} : { deviceTime: text(file.deviceTime) }),
    mark: text(String(file.mark)),
    handIn: text(handIn.serverId!),
    handInNumber: text(String(file.number)),
  }
}

/**
 * Says the digest of a file whose bytes are complete. A digest that the bureau cannot bring together with its bytes is kept as
 * `digest_differs`: the device keeps its file.
 *
 * @throws Away; Refused for what the bureau should have taken
 */
export async function sayDigest(deps: StationDeps, handIn: HandInRecord, file: FileRecord): Promise<void> {
  const { number, sha256, sm3, uploadId } = file
  const json = signedDigest({ filesRoot: handIn.filesRoot, number, sha256: sha256!, sm3 }, deps.signingKey)
  let change: Partial<FileProgress>
  try {
    await deps.ingest.ask({ method: 'PUT', path: `/uploads/${uploadId}/digest`, json })
    change = { sending: 'said' }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    deps.log.error({ handIn: handIn.id, number, code: error.code, reason: error.message }, 'a digest was refused')
    // Ended or expired in between: its bytes go again.
    if (error.status === 404 || error.status === 410) change = { uploadId: null, sentBytes: 0, sending: 'waiting' }
    else change = { sending: 'refused', refusal: error.status === 409 ? 'digest_differs' : error.message }
  }
  await deps.book.saveFile(handIn, file, change)
  deps.onStep('digest_said')
}

/**
 * Sends what lies on the spool, and says digests that were not said yet: whether the device is there or not. A copy that cannot
 * be read to its end does not count any more: its file is wanted from the device again.
 */
export async function sendFromSpool(
  deps: StationDeps,
  handIn: HandInRecord,
  file: FileRecord,
  signal: AbortSignal,
): Promise<void> {
  if (file.sending === 'waiting') {
    const bytesFrom = (offset: number) => deps.copies.read(file.keptCopy!, offset)
    try {
      await sendBytes(deps, { handIn, file }, bytesFrom, signal)
    } catch (error) {
      if (isFault(error, 'bytes_differ')) {
        // What is left of it stays on the disk until the file has its receipt: the device may be lost.
        deps.log.error({ err: error, handIn: handIn.id, number: file.number }, 'a kept copy cannot be read')
        await deps.book.saveFile(handIn, file, { keptCopy: null })
        return
      }
      if (!(error instanceof Refused)) throw error
      await deps.book.saveFile(handIn, file, { sending: 'refused', refusal: error.message })
      return
    }
    await deps.book.saveFile(handIn, file, { sending: 'complete', sentBytes: file.bytes })
    deps.onStep('bytes_sent')
  }
  await sayDigest(deps, handIn, file)
}

/** Whether `sendFromSpool` has something to do for it. */
export function waitsOnSpool(handIn: HandInRecord, file: FileRecord): boolean {
  if (handIn.serverId === null || file.home !== null || file.reading !== 'done') return false
  return file.sending === 'complete' || (file.sending === 'waiting' && file.keptCopy !== null)
}
