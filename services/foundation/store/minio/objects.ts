import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Fault, isFault } from '../../errors.ts'
import type { BucketKind, ObjectInfo, ObjectVersion } from '../store.ts'
import { fetchBytes, sendBytes } from './bytes.ts'
import { type Connection, call, signedAddress } from './connection.ts'
import { codeOf, storeFault } from './failures.ts'

type Named = { bucket: BucketKind; key: string; versionId: string | null }
export type Listed = ObjectInfo & { deleteMarker: boolean }

const putBytesMax = 64 * 1024 * 1024
/** How S3 names the one version of an object in a bucket without versioning. */
export const unversioned = 'null'

/** Store.put: see the contract. */
export async function putObject(
  connection: Connection,
  bucket: BucketKind,
  key: string,
  bytes: Uint8Array,
  contentType = 'application/octet-stream',
): Promise<ObjectVersion> {
  if (bytes.byteLength > putBytesMax) throw new Fault('bad_request', `put takes at most ${putBytesMax} bytes: ${key}`)
  const present = await newest(connection, bucket, key)
  if (present) return requireEqual(connection, present, bytes)
  const headers = {
    'content-type': contentType,
    'content-md5': createHash('md5').update(bytes).digest('base64'),
    'if-none-match': '*',
  }
  const address = await signedAddress(connection, 'PUT', { bucket, key })
  const what = `writing ${bucket}/${key}`
  try {
    const answer = await sendBytes(connection, address, bytes, bytes.byteLength, { headers }).catch((error) => {
      // A server that does not know the condition: the look above is then all there is.
      if (codeOf(error) !== 'NotImplemented') throw error
      const { 'if-none-match': _condition, ...plain } = headers
      return sendBytes(connection, address, bytes, bytes.byteLength, { headers: plain })
    })
    return { bucket, key, versionId: versionIdOf(answer) }
  } catch (error) {
    const wasRaced = ['PreconditionFailed', 'ConditionalRequestConflict', 'status 412'].includes(codeOf(error))
    const winner = wasRaced || codeOf(error) === 'ECONNRESET' ? await newest(connection, bucket, key) : null
    if (winner) return requireEqual(connection, winner, bytes)
    throw storeFault(connection.name, what, error)
  }
}

export function versionIdOf(headers: { [name: string]: string | string[] | undefined }): string {
  return String(headers['x-amz-version-id'] ?? unversioned)
}

async function newest(connection: Connection, bucket: BucketKind, key: string): Promise<ObjectInfo | null> {
  // A delete marker hides an original from a plain look, and must not make room for a second one.
  if (bucket === 'originals') return (await versionsOf(connection, bucket, key)).versions[0] ?? null
  try {
    return await statObject(connection, { bucket, key, versionId: null })
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}

async function requireEqual(connection: Connection, present: ObjectInfo, bytes: Uint8Array): Promise<ObjectVersion> {
  const { bucket, key, versionId } = present
  if (present.bytes === bytes.byteLength) {
    let offset = 0
    let isEqual = true
    for await (const chunk of (await getObject(connection, present)) as AsyncIterable<Buffer>) {
      isEqual &&= chunk.equals(bytes.subarray(offset, offset + chunk.length))
      offset += chunk.length
    }
    if (isEqual && offset === bytes.byteLength) return { bucket, key, versionId }
  }
  throw new Fault(
    'bytes_differ',
    `${connection.name} already holds other bytes at ${bucket}/${key}: nothing was written`,
    {
      details: { store: connection.name, key, versionId },
    },
  )
}

/** Store.get: see the contract. */
export async function getObject(
  connection: Connection,
  object: Named,
  options: { start?: number; end?: number; signal?: AbortSignal } = {},
): Promise<Readable> {
  requireVersion(object)
  const what = `reading ${object.bucket}/${object.key}`
  const { start, end, signal } = options
  const range = start === undefined && end === undefined ? undefined : `bytes=${start ?? 0}-${end ?? ''}`
  try {
    const address = await signedAddress(connection, 'GET', object, queryOf(object))
    const fetched = () => fetchBytes(connection, address, { range, signal, what })
    return await fetched().catch((error) => (codeOf(error) === 'ECONNRESET' ? fetched() : Promise.reject(error)))
  } catch (error) {
    signal?.throwIfAborted()
    if (codeOf(error) === 'InvalidRange') {
      throw new Fault('bad_request', `${object.bucket}/${object.key} has no bytes ${range}`, { cause: error })
    }
    throw storeFault(connection.name, what, error)
  }
}

export async function statObject(connection: Connection, object: Named): Promise<ObjectInfo> {
  requireVersion(object)
  const { bucket, key, versionId } = object
  const query = versionId === null ? undefined : { versionId }
  const found = await call(connection, `looking at ${bucket}/${key}`, () =>
    connection.client.statObject(connection.buckets[bucket], key, query),
  )
  return {
    bucket,
    key,
    versionId: versionId ?? found.versionId ?? unversioned,
    bytes: found.size,
    etag: found.etag,
    lastModified: found.lastModified,
  }
}

function requireVersion({ bucket, key, versionId }: Named): void {
  if (bucket === 'originals' && versionId === null) {
    throw new Fault('bad_request', `an original is read by its version only: ${key}`)
  }
}

function queryOf({ versionId }: Named): Record<string, string> {
  return versionId === null ? {} : { versionId }
}

export async function versionsOf(
  connection: Connection,
  bucket: BucketKind,
  key: string,
): Promise<{ versions: ObjectInfo[]; deleteMarkers: number }> {
  const all: Listed[] = []
  for await (const listed of listObjects(connection, bucket, key)) if (listed.key === key) all.push(listed)
  const versions = all
    .filter(({ deleteMarker }) => !deleteMarker)
    .map(({ deleteMarker: _marker, ...info }) => info)
    .sort((a, b) => b.lastModified.getTime() - a.lastModified.getTime())
  return { versions, deleteMarkers: all.length - versions.length }
}

interface ListedByClient {
  readonly name?: string
  readonly size: number
  readonly etag?: string
  readonly lastModified?: Date
  readonly versionId?: string
  readonly isDeleteMarker?: boolean
}

/** S3 lists keys in the order of their bytes. */
function byName(a: ListedByClient, b: ListedByClient): number {
  return Buffer.compare(Buffer.from(a.name ?? ''), Buffer.from(b.name ?? ''))
}

/** Store.list. Pages by itself: the client's own paging signs keys with a slash wrongly. */
export async function* listObjects(connection: Connection, bucket: BucketKind, prefix: string): AsyncGenerator<Listed> {
  let keyMarker = ''
  let versionIdMarker = ''
  for (;;) {
    const query = { Delimiter: '', MaxKeys: 1000, IncludeVersion: true, keyMarker, versionIdMarker }
    const page = await call(connection, `listing ${bucket}/${prefix}`, () =>
      connection.client.listObjectsQuery(connection.buckets[bucket], prefix, '', query),
    )
    // The client puts a page's delete markers behind all its versions.
    for (const listed of (page.objects as readonly ListedByClient[]).toSorted(byName)) {
      if (listed.name === undefined) continue
      yield {
        bucket,
        key: listed.name,
        versionId: listed.versionId ?? unversioned,
        bytes: listed.size,
        etag: listed.etag ?? '',
        lastModified: listed.lastModified ?? new Date(0),
        deleteMarker: listed.isDeleteMarker ?? false,
      }
    }
    if (!page.isTruncated || !page.keyMarker) return
    keyMarker = encodeURIComponent(decodeURIComponent(page.keyMarker.replaceAll('+', ' ')))
    versionIdMarker = encodeURIComponent(page.versionIdMarker ?? '')
  }
}

export async function removeObject(
  connection: Connection,
  bucket: 'derived' | 'tails',
  key: string,
  versionId?: string,
): Promise<void> {
  await call(connection, `removing ${bucket}/${key}`, () =>
    connection.client.removeObject(connection.buckets[bucket], key, versionId === undefined ? {} : { versionId }),
  )
}
