import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import t from 'tap'
import { type OriginalRead, openOriginal } from '../../../services/custody/copies/read-original.ts'
import { readPiece } from '../../../services/custody/viewing/read-piece.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import type { Store } from '../../../services/foundation/store/store.ts'

type Get = Store['get']

/** A store that holds `content` in two chunks, and remembers what it was asked for. */
function storeOf(content: string) {
  const asked: Parameters<Get>[] = []
  const get: Get = async (object, options = {}) => {
    asked.push([object, options])
    const { start = 0, end = content.length - 1 } = options
    const bytes = Buffer.from(content.slice(start, end + 1))
    return Readable.from([bytes.subarray(0, 3), bytes.subarray(3)].filter(({ length }) => length > 0))
  }
  return { get, asked }
}

function read(store: Pick<Store, 'get'>, more: Pick<OriginalRead, 'bytes' | 'length'> & Partial<OriginalRead>) {
  return openOriginal({ of: { recordingId: 'r1' }, store, copy: { key: 'k', versionId: 'v' }, ...more }).then(buffer)
}

t.test('an original is opened by its version, whole or a range of it', async (t) => {
  const store = storeOf('abcdef')
  t.equal(String(await read(store, { bytes: 6, length: 'required' })), 'abcdef')
  t.equal(String(await read(store, { bytes: 6, length: 'compared' })), 'abcdef')
  t.equal(String(await read(store, { bytes: 6, length: 'required', range: { start: 1, end: 4 } })), 'bcde')
  t.match(store.asked, [
    [{ bucket: 'originals', key: 'k', versionId: 'v' }, {}],
    [{ bucket: 'originals', key: 'k', versionId: 'v' }, {}],
    [
      { bucket: 'originals', key: 'k', versionId: 'v' },
      { start: 1, end: 4 },
    ],
  ])
})

t.test('a length that differs fails the reader that requires it, and reaches the one that compares', async (t) => {
  const store = storeOf('abcdef')
  for (const { bytes, message } of [
    { bytes: 5, message: 'recording r1: version v of k gave more than 5 bytes' },
    { bytes: 7, message: 'recording r1: version v of k gave fewer than 7 bytes' },
  ]) {
    await t.rejects(read(store, { bytes, length: 'required' }), { code: 'bytes_differ', message })
    t.equal(String(await read(store, { bytes, length: 'compared' })), 'abcdef')
  }
  const range = { start: 4, end: 7 }
  const ofUpload = { of: { uploadId: 'u1' }, bytes: 9, length: 'required', range } as const
  const message = 'upload u1: version v of k gave fewer than bytes 4 to 7 of 9'
  await t.rejects(read(store, ofUpload), { code: 'bytes_differ', message })
})

t.test('a piece is read whole; one that is gone or too long gives nothing', async (t) => {
  const piece = { rendition_id: 'n1', kind: 'segment', number: 0, object_key: 'k', version_id: 'v' } as const
  const store = storeOf('abcdef')
  const wanted = { recordingId: 'r1', store, piece }
  t.equal(String(await readPiece({ ...wanted, bytesMax: 6 })), 'abcdef')
  t.match(store.asked, [[{ bucket: 'derived', key: 'k', versionId: 'v' }]])
  t.equal(await readPiece({ ...wanted, bytesMax: 5 }), null)
  const failing = (code: 'not_found' | 'store_down') => ({ get: () => Promise.reject(new Fault(code, 'no')) })
  t.equal(await readPiece({ ...wanted, store: failing('not_found'), bytesMax: 6 }), null)
  await t.rejects(readPiece({ ...wanted, store: failing('store_down'), bytesMax: 6 }), { code: 'store_down' })
})
