import { hash } from 'node:crypto'
import t from 'tap'
import { readReport } from '../../../services/custody/reads/store-report.ts'

const digest = (key: string) => hash('sha256', key, 'hex')
const reading = {
  buckets: { originals: 'orig', derived: 'deri', tails: 'tail' },
  credentials: new Map([
    [digest('KEY-ACCESS'), 'access'],
    [digest('KEY-ROOT'), 'root'],
    [digest('KEY-INGEST'), 'ingest'],
  ]),
}
const now = new Date('2026-11-23T10:00:00Z')

/** A report as the server of STACK.md writes it. */
function report(changes: { api?: object; [name: string]: unknown } = {}): string {
  const { api, ...rest } = changes
  return JSON.stringify({
    version: '1',
    time: '2026-11-23T08:24:53.46203357Z',
    trigger: 'incoming',
    api: {
      name: 'GetObject',
      bucket: 'orig',
      object: '2026/11/abc',
      status: 'OK',
      statusCode: 200,
      rx: 0,
      tx: 100_000,
      timeToResponseInNS: '2000000000',
      ...api,
    },
    requestID: '18EA9F093453DAF2',
    requestQuery: { versionId: 'v1' },
    accessKey: 'KEY-ACCESS',
    ...rest,
  })
}
const read = (changes?: Parameters<typeof report>[0]) => readReport(report(changes), reading, now)

t.test('a read is told with its credential, object, bytes and time, and never with a key', async (t) => {
  const found = read()!
  t.match(found, {
    api: 'GetObject',
    credential: 'access',
    bucket: 'originals',
    objectKey: '2026/11/abc',
    bytes: 100_000,
  })
  t.equal(found.versionId, 'v1')
  t.equal(found.at.toISOString(), '2026-11-23T08:24:53.462Z')
  t.equal(found.startedAt.toISOString(), '2026-11-23T08:24:51.462Z')
  t.notMatch(JSON.stringify(found), /KEY-/)
})

t.test('who read: a known key, the parent of a temporary one, somebody else, nobody', async (t) => {
  t.equal(read({ accessKey: 'KEY-ROOT' })!.credential, 'root')
  t.equal(read({ accessKey: 'TEMPORARY', parentUser: 'KEY-ROOT' })!.credential, 'root')
  t.equal(read({ accessKey: 'STRANGER' })!.credential, 'unknown')
  t.equal(read({ accessKey: '' })!.credential, 'anonymous')
})

t.test('calls that give bytes away are reads, whatever they are called', async (t) => {
  for (const name of [
    'GetObject',
    'CopyObject',
    'CopyObjectPart',
    'SelectObjectContent',
    'PutBucketReplicationConfig',
  ]) {
    t.equal(read({ api: { name } })?.api, name)
  }
  for (const name of ['HeadObject', 'PutObject', 'PutObjectPart', 'CompleteMultipartUpload', 'ListObjectVersions']) {
    t.equal(read({ api: { name } }), null, name)
  }
  for (const name of ['GetObjectRetention', 'GetObjectLegalHold', 'GetBucketLocation', 'DeleteObject']) {
    t.equal(read({ api: { name } }), null, name)
  }
})

t.test('what was refused, other buckets and the first report of a server are none', async (t) => {
  t.equal(read({ api: { statusCode: 403 } }), null)
  t.equal(read({ api: { bucket: 'other' } }), null)
  t.equal(readReport('{}', reading, now), null)
  t.equal(read({ api: { statusCode: 206, tx: 20 } })!.bytes, 20, 'a range is one')
})

t.test('remainders of uploads are footage too: nobody but ingest reads them unseen', async (t) => {
  const tail = { api: { bucket: 'tail', object: 'upload/0' } }
  t.equal(read({ ...tail, accessKey: 'KEY-INGEST' }), null)
  t.match(read(tail), { bucket: 'tails', credential: 'access', objectKey: 'upload/0' })
  t.match(read({ ...tail, accessKey: 'KEY-ROOT' }), { bucket: 'tails', credential: 'root' })
  t.ok(
    read({ api: { ...tail.api, name: 'CopyObject' }, accessKey: 'KEY-INGEST' }),
    'a copy of them is no work of ingest',
  )
})

t.test('the administration of a store has ways to footage, and to silence, that name no bucket', async (t) => {
  const admin = (name: string, requestQuery: object = {}) =>
    read({
      api: { name, bucket: undefined, object: undefined },
      requestPath: '/minio/admin/v3/x',
      requestQuery,
      accessKey: 'KEY-ROOT',
    })
  t.match(admin('InspectData', { volume: 'deri', file: 'a/b/part.1' }), {
    api: 'InspectData',
    credential: 'root',
    bucket: 'derived',
    objectKey: 'a/b/part.1',
  })
  for (const name of ['InspectData', 'SetConfigKV', 'DelConfigKV', 'StartBatchJob', 'SetRemoteTarget', 'AddTier']) {
    t.match(admin(name, { volume: '*' }), { api: name, bucket: 'originals' })
  }
  for (const name of ['ServerInfo', 'AddUser', 'ListUsers', 'GetConfigKV']) t.equal(admin(name), null, name)
})

t.test('what cannot be read is kept as a read that nothing will explain', async (t) => {
  for (const line of ['', 'no json', '[]', 'null', '{"api":', report({ time: 'yesterday' })]) {
    t.match(readReport(line, reading, now), { api: 'unreadable', credential: 'unknown', at: now }, line)
  }
})

t.test('the same report has the same id, another one another', async (t) => {
  t.equal(read()!.requestId, read()!.requestId)
  t.not(read()!.requestId, read({ api: { object: '2026/11/abd' } })!.requestId)
})

t.test('hostile texts fit into the database', async (t) => {
  const found = read({
    api: { object: `a\0b\ud800${'x'.repeat(5000)}` },
    requestQuery: { versionId: 'v'.repeat(5000) },
  })!
  t.ok(found.objectKey.isWellFormed() && !found.objectKey.includes('\0'))
  t.ok(found.objectKey.length <= 1024 && found.versionId!.length <= 100)
  t.equal(read({ api: { tx: -1 } })!.bytes, 0)
  t.equal(read({ api: { tx: 'many', timeToResponseInNS: 'x' } })!.bytes, 0)
})
