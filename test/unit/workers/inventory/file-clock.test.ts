import t from 'tap'
import { fileClockOf } from '../../../../workers/transcode/inventory/file-clock.ts'

t.test('the moment of recording is read from what the file says of itself', async (t) => {
  const iso = (clocks: Record<string, string>) => fileClockOf(clocks)?.toISOString() ?? null
  t.equal(iso({ creation_time: '2026-11-23T00:00:00.000000Z' }), '2026-11-23T00:00:00.000Z')
  const apple = {
    'com.apple.quicktime.creationdate': '2026-11-23T09:30:00+0900',
    creation_time: '2026-01-01T00:00:00Z',
  }
  t.equal(iso(apple), '2026-11-23T00:30:00.000Z')
  t.equal(iso({ DateTimeOriginal: '2026:11:23 08:00:00' }), '2026-11-23T00:00:00.000Z')
  t.equal(iso({ date: '2026-11-23' }), null)
  t.equal(iso({ DateTimeOriginal: '2026:02:30 08:00:00' }), null)
  t.equal(
    iso({ DateTimeOriginal: '0000:00:00 00:00:00', creation_time: '1904-01-01T00:00:00.000000Z' }),
    '1904-01-01T00:00:00.000Z',
  )
  t.equal(iso({ 'creation_time of track 1': '2026-11-23T00:00:00Z' }), null)
  t.equal(iso({}), null)
})
