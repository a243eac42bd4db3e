import t from 'tap'
import { readFileFacts } from '../../../services/ingest/file-facts.ts'

const values = (entries: Record<string, string | Buffer>) =>
  new Map(Object.entries(entries).map(([key, value]) => [key, Buffer.from(value as string)]))
const least = { serial: 'DSJ0001', filename: 'a.mp4' }

t.test('what a dock says of a file is read field by field', async (t) => {
  const facts = readFileFacts(
    values({
      ...least,
      deviceTime: '2026-11-20T08:30:00+08:00',
      clockOffsetMs: '-1500',
      mark: 'true',
      sha256: 'ab'.repeat(32),
      handIn: '01a206ec-5449-7e7b-8bf6-4884286a8c42',
      handInNumber: '3',
      somethingElse: 'ignored',
    }),
    12,
  )
  t.same(facts, {
    deviceSerial: 'DSJ0001',
    name: Buffer.from('a.mp4'),
    bytes: 12,
    mark: true,
    deviceTime: { text: '2026-11-20T08:30:00+08:00', instant: new Date('2026-11-20T00:30:00Z') },
    clockOffsetMs: -1500,
    sha256: Buffer.alloc(32, 0xab),
    handInId: '01a206ec-5449-7e7b-8bf6-4884286a8c42',
    handInNumber: 3,
  })
  t.match(readFileFacts(values(least), 0), { mark: false, deviceTime: null, clockOffsetMs: null, sha256: null })
})

t.test('a name may be any bytes: a path, GBK, invalid UTF-8, 255 of them', async (t) => {
  for (const name of [
    Buffer.from('../../x'),
    Buffer.from([0xd6, 0xd0]),
    Buffer.from([0xff, 0xfe, 0]),
    Buffer.alloc(255, 'n'),
  ]) {
    t.same(readFileFacts(values({ ...least, filename: name }), 0).name, name)
  }
})

t.test('a day that does not exist is kept as said', async (t) => {
  const deviceTime = '2026-02-30T10:00:00+08:00'
  t.match(readFileFacts(values({ ...least, deviceTime }), 0), { deviceTime: { text: deviceTime, instant: null } })
})

t.test('what is wrong is named by its field', async (t) => {
  const wrong: [string, string | Buffer][] = [
    ['serial', ''],
    ['serial', 'x'.repeat(65)],
    ['serial', 'a\nb'],
    ['serial', Buffer.from([0xff])],
    ['filename', ''],
    ['filename', Buffer.alloc(1025, 'n')],
    ['deviceTime', '2026-11-20'],
    ['deviceTime', '2026-11-20T08:30:00'],
    ['deviceTime', '2026-13-20T08:30:00Z'],
    ['clockOffsetMs', '1.5'],
    ['mark', 'yes'],
    ['sha256', 'AB'.repeat(32)],
    ['sha256', 'ab'],
    ['handIn', 'nonsense'],
    ['handInNumber', '-1'],
  ]
  for (const [field, value] of wrong) {
    t.throws(
      () => readFileFacts(values({ ...least, [field]: value }), 0),
      { code: 'bad_request', details: { field } },
      field,
    )
  }
  t.throws(() => readFileFacts(values({ serial: 'a' }), 0), { code: 'bad_request', details: { field: 'filename' } })
  t.throws(() => readFileFacts(values({ filename: 'a' }), 0), { code: 'bad_request', details: { field: 'serial' } })
})
