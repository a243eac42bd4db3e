import { Readable } from 'node:stream'
import { Fault } from '../../foundation/errors.ts'
import type { ObjectVersion, Store } from '../../foundation/store/store.ts'

/** Which bytes are read: of what, from which store, under which version. */
export interface OriginalRead {
  /** The recording, or the upload that is about to become one. */
  readonly of: { readonly recordingId: string } | { readonly uploadId: string }
  readonly store: Pick<Store, 'get'>
  readonly copy: Pick<ObjectVersion, 'key' | 'versionId'>
  /** Length of the whole original, as received or sealed. */
  readonly bytes: number
  /** Offsets of the first and the last byte wanted; everything when left out. */
  readonly range?: { readonly start: number; readonly end: number }
  /**
   * `required`: the stream fails with bytes_differ as soon as the version turns out longer or shorter than it must be.
   * `compared`: the stream gives what the version holds, because the reader compares length and digest with what was sealed
   * and records what it found, as damage.
   */
  readonly length: 'required' | 'compared'
  readonly signal?: AbortSignal
}

/**
 * Opens an original. Every byte of footage that is read from a store, but for the pieces of a rendition
 * (viewing/read-piece.ts), comes through here.
 *
 * @throws not_found when the version is gone; store_down
 */
export async function openOriginal(read: OriginalRead): Promise<Readable> {
  const { store, copy, range, signal } = read
  const object = { bucket: 'originals', key: copy.key, versionId: copy.versionId } as const
  const source = await store.get(object, { ...range, signal })
  return read.length === 'compared' ? source : Readable.from(ofLength(source, read), { objectMode: false })
}

/** Passes the chunks on as they are. */
async function* ofLength(source: Readable, { of, copy, bytes, range }: OriginalRead): AsyncGenerator<Buffer> {
  const expected = range ? range.end - range.start + 1 : bytes
  const differs = (found: string) => {
    const what = 'uploadId' in of ? `upload ${of.uploadId}` : `recording ${of.recordingId}`
    const wanted = range ? `bytes ${range.start} to ${range.end} of ${bytes}` : `${bytes} bytes`
    return new Fault('bytes_differ', `${what}: version ${copy.versionId} of ${copy.key} gave ${found} than ${wanted}`)
  }
  let left = expected
  for await (const chunk of source as AsyncIterable<Buffer>) {
    left -= chunk.length
    if (left < 0) throw differs('more')
    yield chunk
  }
  if (left > 0) throw differs('fewer')
}
