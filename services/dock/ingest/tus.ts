import { setTimeout as delay } from 'node:timers/promises'
import { Away, type Ingest, Refused } from './client.ts'

export interface TusUpload {
  /** Null before it was begun. */
  readonly id: string | null
  readonly bytes: number
  readonly metadata: Readonly<Record<string, Buffer>>
}

export interface TusProgress {
  /** Kept before the first byte goes: what goes on after a power cut begins there. */
  readonly onBegun: (id: string) => Promise<void>
  /** Durable on the server. */
  readonly onOffset: (offset: number) => void
}

const tus = { 'tus-resumable': '1.0.0' }

/**
 * Sends one file by tus, in one PATCH as long as the line holds; after a cut only what the server lacks goes again. Gives up
 * when for `patienceMs` not one byte more got durable.
 *
 * @param bytesFrom the file's bytes from an offset on; what it throws comes out as it is
 * @throws Away when patience ends; Refused (413: larger than the server takes); what `bytesFrom` throws
 */
export async function sendByTus(
  ingest: Ingest,
  upload: TusUpload,
  bytesFrom: (offset: number) => AsyncIterable<Buffer>,
  { onBegun, onOffset, patienceMs, signal }: TusProgress & { patienceMs: number; signal: AbortSignal },
): Promise<string> {
  let { id } = upload
  let durable = -1
  let lastProgressMs = performance.now()
  for (let failures = 0; ; ) {
    signal.throwIfAborted()
    try {
      if (id === null) {
        id = await begin(ingest, upload, signal)
        await onBegun(id)
      }
      const offset = await offsetOf(ingest, id, signal)
      onOffset(offset)
      if (offset > durable) {
        durable = offset
        lastProgressMs = performance.now()
        failures = 0
      }
      if (offset === upload.bytes) return id
      onOffset(await patch(ingest, { id, offset, bytes: upload.bytes - offset }, bytesFrom(offset), signal))
    } catch (error) {
      if (isEnded(error)) {
        // Expired or ended: what is there of it was given up.
        id = null
        durable = -1
      } else if (!mayGoOn(error)) throw error
      if (performance.now() - lastProgressMs > patienceMs) throw asAway(error)
      failures += 1
      const retryAfterMs = error instanceof Away ? error.retryAfterMs : null
      await delay(Math.min(retryAfterMs ?? 100 * 2 ** Math.min(failures, 6), patienceMs), undefined, { signal })
    }
  }
}

async function begin(ingest: Ingest, { bytes, metadata }: TusUpload, signal: AbortSignal): Promise<string> {
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${value.toString('base64')}`)
  const { headers } = await ingest.ask({
    method: 'POST',
    path: '/uploads',
    headers: { ...tus, 'upload-length': String(bytes), 'upload-metadata': pairs.join(',') },
    signal,
  })
  const id = headers.location?.split('/').at(-1)
  if (!id) throw new Away('the server began an upload and did not say where')
  return id
}

async function offsetOf(ingest: Ingest, id: string, signal: AbortSignal): Promise<number> {
  const { headers } = await ingest.ask({ method: 'HEAD', path: `/uploads/${id}`, headers: tus, signal })
  const offset = Number(headers['upload-offset'] ?? Number.NaN)
  if (!Number.isSafeInteger(offset)) throw new Away('the server did not say how far the upload is')
  return offset
}

async function patch(
  ingest: Ingest,
  part: { id: string; offset: number; bytes: number },
  stream: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<number> {
  const { headers } = await ingest.ask({
    method: 'PATCH',
    path: `/uploads/${part.id}`,
    headers: {
      ...tus,
      'upload-offset': String(part.offset),
      'content-type': 'application/offset+octet-stream',
      'content-length': String(part.bytes),
    },
    stream,
    signal,
  })
  return Number(headers['upload-offset'] ?? part.offset)
}

/** 404 and 410: there is no such upload any more. */
function isEnded(error: unknown): boolean {
  return error instanceof Refused && (error.status === 404 || error.status === 410)
}

/** 409: the offset is another one. 423: an earlier request still sends. 460: the bytes were changed on their way. */
function mayGoOn(error: unknown): boolean {
  return error instanceof Away || (error instanceof Refused && [409, 423, 460].includes(error.status))
}

function asAway(error: unknown): Away {
  return error instanceof Away ? error : new Away('the upload does not get on', { cause: error })
}
