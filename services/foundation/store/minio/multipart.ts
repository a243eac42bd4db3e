import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Fault, isFault } from '../../errors.ts'
import type { BucketKind, ObjectVersion, UploadedPart } from '../store.ts'
import { type SendOptions, sendBytes } from './bytes.ts'
import { type Connection, call, signedAddress } from './connection.ts'
import { codeOf, storeFault } from './failures.ts'
import { unversioned, versionIdOf, versionsOf } from './objects.ts'

type Upload = { bucket: BucketKind; key: string; multipartId: string }

const partBytesMin = 16 * 1024 * 1024
// S3 takes 10,000 parts at most; some are left for the remainder.
const partsMax = 9000

/** Bytes of each part (but the last) of an object of `bytes` bytes. */
export function partBytesFor(bytes: number): number {
  return Math.max(partBytesMin, Math.ceil(bytes / partsMax))
}

export async function startMultipart(
  connection: Connection,
  bucket: BucketKind,
  key: string,
): Promise<{ multipartId: string }> {
  const headers = { 'content-type': 'application/octet-stream' }
  const multipartId = await call(connection, `beginning ${bucket}/${key}`, () =>
    connection.client.initiateNewMultipartUpload(connection.buckets[bucket], key, headers),
  )
  return { multipartId }
}

/** Store.putPart: see the contract. */
export async function putPart(
  connection: Connection,
  target: Upload & { number: number; bytes: number },
  source: Readable | Uint8Array,
  options: SendOptions = {},
): Promise<UploadedPart> {
  const { bucket, key, multipartId, number, bytes } = target
  const what = `part ${number} of ${bucket}/${key}`
  const query = { uploadId: multipartId, partNumber: String(number) }
  const address = await signedAddress(connection, 'PUT', target, query)
  const send = () => sendBytes(connection, address, source, bytes, options)
  const isWhole = source instanceof Uint8Array
  if (isWhole && source.byteLength !== bytes) throw new Fault('bad_request', `${what} is not of ${bytes} bytes`)
  try {
    // Bytes that are still all here can be sent again; what was read from a stream cannot.
    const answer = await (isWhole
      ? send().catch((error) => (codeOf(error) === 'ECONNRESET' ? send() : Promise.reject(error)))
      : send())
    return { number, bytes, etag: String(answer.etag ?? '').replaceAll('"', '') }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!isWhole && error === source.errored) throw error
    throw storeFault(connection.name, what, error)
  }
}

/** Store.completeMultipart: see the contract. */
export async function completeMultipart(
  connection: Connection,
  target: Upload,
  parts: readonly UploadedPart[],
): Promise<ObjectVersion> {
  const { bucket, key, multipartId } = target
  const ordered = [...parts].sort((a, b) => a.number - b.number)
  const list = ordered.map(({ number, etag }) => ({ part: number, etag }))
  try {
    const done = await call(connection, `completing ${bucket}/${key}`, () =>
      connection.client.completeMultipartUpload(connection.buckets[bucket], key, multipartId, list),
    )
    return { bucket, key, versionId: done.versionId ?? unversioned }
  } catch (error) {
    // The answer of an earlier call may have been lost: then the version is there.
    if (!isFault(error, 'not_found')) throw error
    const version = await completedVersion(connection, target, ordered)
    if (!version) throw error
    return version
  }
}

async function completedVersion(
  connection: Connection,
  { bucket, key }: Upload,
  parts: readonly UploadedPart[],
): Promise<ObjectVersion | null> {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const { versions } = await versionsOf(connection, bucket, key)
  const sameLength = versions.filter((version) => version.bytes === bytes)
  const etag = multipartEtag(parts)
  const found =
    sameLength.find((version) => version.etag === etag) ?? (sameLength.length === 1 ? sameLength[0] : undefined)
  return found ? { bucket, key, versionId: found.versionId } : null
}

/** How S3 servers name a multipart object: MD5 of the parts' MD5s, and their number. */
function multipartEtag(parts: readonly UploadedPart[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}

/** Store.abortMultipart: see the contract. */
export async function abortMultipart(connection: Connection, { bucket, key, multipartId }: Upload): Promise<void> {
  try {
    await call(connection, `aborting ${bucket}/${key}`, () =>
      connection.client.abortMultipartUpload(connection.buckets[bucket], key, encodeURIComponent(multipartId)),
    )
  } catch (error) {
    if (!isFault(error, 'not_found')) throw error
  }
}

/** Store.putStream: see the contract. Always makes a new version. */
export async function putStream(
  connection: Connection,
  bucket: BucketKind,
  key: string,
  source: Readable,
  options: { bytes: number; signal?: AbortSignal },
): Promise<ObjectVersion> {
  if (options.bytes >= partBytesMin) return putInParts(connection, bucket, key, source, options)
  try {
    const address = await signedAddress(connection, 'PUT', { bucket, key })
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await sendBytes(connection, address, source, options.bytes, { headers, signal: options.signal })
    return { bucket, key, versionId: versionIdOf(answer) }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error === source.errored) throw error
    throw storeFault(connection.name, `writing ${bucket}/${key}`, error)
  }
}

async function putInParts(
  connection: Connection,
  bucket: BucketKind,
  key: string,
  source: Readable,
  { bytes, signal }: { bytes: number; signal?: AbortSignal },
): Promise<ObjectVersion> {
  // Between two parts nobody listens to the source; its error shows at the next part.
  const ignore = () => undefined
  source.on('error', ignore)
  let upload: Upload | null = null
  try {
    upload = { bucket, key, ...(await startMultipart(connection, bucket, key)) }
    return await completeMultipart(connection, upload, await putAllParts(connection, upload, source, bytes, signal))
  } catch (error) {
    source.destroy()
    if (upload) await abandon(connection, upload)
    throw error
  } finally {
    source.off('error', ignore)
  }
}

/** While one part waits for the server's answer the next one streams; never more than two are under way. */
async function putAllParts(
  connection: Connection,
  upload: Upload,
  source: Readable,
  bytes: number,
  signal?: AbortSignal,
): Promise<UploadedPart[]> {
  const failed = new AbortController()
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const partBytes = partBytesFor(bytes)
  const parts: UploadedPart[] = []
  let earlier: Promise<unknown> = Promise.resolve()
  try {
    for (let offset = 0; offset < bytes; offset += partBytes) {
      const length = Math.min(partBytes, bytes - offset)
      const taken = Promise.withResolvers<void>()
      let left = length
      const onBytes = (chunk: Uint8Array) => {
        left -= chunk.byteLength
        if (left === 0) taken.resolve()
      }
      const target = { ...upload, number: offset / partBytes + 1, bytes: length }
      const options = { signal: either, keepSource: offset + length < bytes, onBytes }
      const before = earlier
      const sending = putPart(connection, target, source, options).then((part) => parts.push(part))
      sending.catch(taken.reject)
      taken.promise.catch(() => undefined)
      earlier = sending
      await Promise.all([before, taken.promise])
    }
    await earlier
    return parts
  } catch (error) {
    failed.abort(error)
    // The upload is aborted next: no part of it may still be on its way then.
    await Promise.allSettled([earlier])
    throw error
  }
}

/** The first failure is what the caller must hear; an upload that cannot be aborted now is swept later. */
async function abandon(connection: Connection, upload: Upload): Promise<void> {
  try {
    await abortMultipart(connection, upload)
  } catch (error) {
    connection.log.warn({ err: error, store: connection.name, key: upload.key }, 'an unfinished upload stays behind')
  }
}
