import t from 'tap'
import { readSaidTime } from '../../../services/custody/devices/said-time.ts'
import { recordedUntil } from '../../../services/custody/intake/recorded-until.ts'

const instantOf = (text: string) => readSaidTime(text)?.instant?.toISOString() ?? null

t.test('a time with its zone is the instant that it names, and stays as it was said', async (t) => {
  t.same(readSaidTime('2026-11-20T08:30:00+08:00'), {
    text: '2026-11-20T08:30:00+08:00',
    instant: new Date('2026-11-20T00:30:00Z'),
  })
  t.equal(instantOf('2028-02-29T10:00Z'), '2028-02-29T10:00:00.000Z')
  t.equal(instantOf('2026-11-20T08:30:00.123456789-03:30'), '2026-11-20T12:00:00.123Z')
  t.equal(instantOf('0000-01-01T00:00:00Z'), '0000-01-01T00:00:00.000Z')
})

t.test('a day that does not exist names no instant', async (t) => {
  const none = [
    '2026-02-30T10:00:00+08:00',
    '2026-02-29T00:00:00Z',
    '2026-04-31T23:59:59-05:00',
    '1980-00-00T00:00:00+08:00',
  ]
  for (const text of [...none, '2026-11-20T24:00:00Z']) t.same(readSaidTime(text), { text, instant: null })
})

t.test('a leap second is the second after the 59th', async (t) => {
  t.equal(instantOf('2016-12-31T23:59:60Z'), '2017-01-01T00:00:00.000Z')
  t.equal(instantOf('2017-01-01T07:59:60.5+08:00'), '2017-01-01T00:00:00.500Z')
  t.same(readSaidTime('2026-02-30T23:59:60Z')?.instant, null)
})

t.test('what no clock shows is not a time', async (t) => {
  const wrong = [
    '',
    '2026-11-20',
    '2026-11-20T08:30:00',
    '2026-13-20T08:30:00Z',
    '2026-11-32T08:30:00Z',
    '2026-11-20T25:00:00Z',
  ]
  for (const text of [...wrong, '2026-11-20T08:60:00Z', '2026-11-20T08:30:61Z', '2026-11-20T08:30:00+99:00']) {
    t.equal(readSaidTime(text), null, text)
  }
})

t.test(
  'a list was recorded until its newest file, by what the device says, else by its name, freed of its clock',
  async (t) => {
    const line = (name: string, deviceTime: string | null) => ({
      name: Buffer.from(name).toString('base64'),
      deviceTime,
    })
    const named = line('DSJ0001_990001_20261120083000_0001.MP4', null)
    const said = line('0002.MP4', '2026-11-20T08:29:00+08:00')
    t.same(recordedUntil([said, named], null), new Date('2026-11-20T00:30:00Z'))
    t.same(recordedUntil([said, line('0003.MP4', null)], 60_000), new Date('2026-11-20T00:28:00Z'))
    const otherwise = line('DSJ0001_990001_20261120093000_0001.MP4', '2026-11-20T08:00:00+08:00')
    t.same(recordedUntil([otherwise], null), new Date('2026-11-20T00:00:00Z'))
    t.equal(recordedUntil([line('0003.MP4', null), line('a', '2026-02-30T10:00:00+08:00')], 0), null)
  },
)
