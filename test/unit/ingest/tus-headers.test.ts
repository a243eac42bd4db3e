import type { Test } from 'tap'
import t from 'tap'
import { isFault } from '../../../services/foundation/errors.ts'
import {
  httpDate,
  parseChecksum,
  parseContentLength,
  parseLength,
  parseMetadata,
  parseUploadLength,
  requireOffsetStream,
  requireTusVersion,
} from '../../../services/ingest/tus/headers.ts'

function refuses(t: Test, run: () => unknown, code: string, field: string, name: string): void {
  t.throws(run, { code, details: { field } }, name)
}

t.test('only version 1.0.0 is spoken', async (t) => {
  requireTusVersion('1.0.0')
  for (const version of [undefined, '', '1.0', '1.0.0 ', '0.2.2', '1.0.1']) {
    t.throws(() => requireTusVersion(version), { code: 'precondition_failed' }, `refuses ${version}`)
  }
})

t.test('lengths and offsets are non-negative integers in their one spelling', async (t) => {
  for (const [text, value] of [
    ['0', 0],
    ['7', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ] as const) {
    t.equal(parseLength('Upload-Offset', text), value)
  }
  for (const text of [undefined, '', '-1', '+1', '01', '1.0', '1e3', ' 1', '0x10', '9007199254740992', 'abc']) {
    refuses(t, () => parseLength('Upload-Offset', text), 'bad_request', 'Upload-Offset', `refuses '${text}'`)
  }
})

t.test('a length above the limit is 413, a deferred one 400', async (t) => {
  t.equal(parseUploadLength('100', undefined, 100), 100)
  t.throws(() => parseUploadLength('101', undefined, 100), { code: 'too_large', details: { bytesMax: 100 } })
  refuses(t, () => parseUploadLength(undefined, '1', 100), 'bad_request', 'Upload-Defer-Length', 'deferred')
  refuses(t, () => parseUploadLength('5', '0', 100), 'bad_request', 'Upload-Defer-Length', 'any other value')
  refuses(t, () => parseUploadLength(undefined, undefined, 100), 'bad_request', 'Upload-Length', 'none')
})

t.test('metadata is pairs of key and Base64 with commas between them', async (t) => {
  t.equal(parseMetadata(undefined).size, 0)
  const parsed = parseMetadata('filename d29ybGQ=, empty,also-empty ,gbk 1tC5+g==')
  t.equal(parsed.get('filename')?.toString(), 'world')
  t.equal(parsed.get('empty')?.length, 0)
  t.equal(parsed.get('also-empty')?.length, 0)
  t.same(parsed.get('gbk'), Buffer.from([0xd6, 0xd0, 0xb9, 0xfa]), 'bytes of any encoding')
  t.equal(parseMetadata('a d29ybGQ').get('a')?.toString(), 'world', 'padding may be missing')
  for (const text of [
    '',
    ' ',
    ',',
    'a b c',
    'a !!!',
    'a d29ybGQ=,a d29ybGQ=',
    'ключ d29ybGQ=',
    'a d29ybGR=',
    'a d2 9y',
  ]) {
    refuses(t, () => parseMetadata(text), 'bad_request', 'Upload-Metadata', `refuses '${text}'`)
  }
})

t.test('a checksum names a known algorithm and has its length', async (t) => {
  t.equal(parseChecksum(undefined), null)
  const parsed = parseChecksum('sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=')
  t.equal(parsed?.algorithm, 'sha1')
  t.equal(parsed?.digest.length, 20)
  t.equal(parseChecksum(`sha256 ${Buffer.alloc(32).toString('base64')}`)?.algorithm, 'sha256')
  for (const text of [
    '',
    'sha1',
    'sha1 ',
    'sha1 AAAA',
    'md5 1B2M2Y8AsgTpgAmY7PhCfg==',
    'SHA1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=',
  ]) {
    refuses(t, () => parseChecksum(text), 'bad_request', 'Upload-Checksum', `refuses '${text}'`)
  }
})

t.test('a PATCH has the one content type', async (t) => {
  requireOffsetStream('application/offset+octet-stream')
  for (const type of [undefined, 'application/octet-stream', 'application/offset+octet-stream; charset=utf-8']) {
    t.throws(() => requireOffsetStream(type), { code: 'unsupported_media' }, `refuses ${type}`)
  }
})

t.test('a body may announce its length or not', async (t) => {
  t.equal(parseContentLength(undefined), null)
  t.equal(parseContentLength('12'), 12)
  t.ok(
    isFault(
      caught(() => parseContentLength('-1')),
      'bad_request',
    ),
  )
})

t.test('dates are those of HTTP', async (t) => {
  t.equal(httpDate(new Date('2014-06-25T16:00:00Z')), 'Wed, 25 Jun 2014 16:00:00 GMT', "the specification's example")
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
