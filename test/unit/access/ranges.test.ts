import t from 'tap'
import { covers, filmMs, mergeRanges } from '../../../services/custody/viewing/film-ranges.ts'
import { mediaPlaylistText } from '../../../services/custody/viewing/playlist.ts'

const range = (fromMs: number, toMs: number) => ({ fromMs, toMs })

t.test('film that touches or overlaps is one stretch, in order, each millisecond counted once', async (t) => {
  t.same(mergeRanges([range(60, 90), range(0, 30), range(30, 40), range(35, 50)]), [range(0, 50), range(60, 90)])
  t.same(mergeRanges([range(0, 100), range(10, 20)]), [range(0, 100)])
  t.same(mergeRanges([range(5, 5)]), [])
  t.equal(filmMs([range(0, 10), range(5, 15), range(20, 21)]), 16)
})

t.test('a segment is covered only when the whole of it was granted', async (t) => {
  const granted = [range(0, 60_000), range(54_000, 114_000), range(300_000, 360_000)]
  t.ok(covers(granted, range(0, 6000)))
  t.ok(covers(granted, range(57_000, 63_000)), 'across two grants that overlap')
  t.notOk(covers(granted, range(110_000, 116_000)), 'it ends beyond the grant')
  t.notOk(covers(granted, range(297_000, 303_000)), 'it begins before the grant')
  t.notOk(covers([], range(0, 0)))
  t.ok(covers(granted, range(0, 0)), 'a still has no length')
})

t.test('the playlist is EVENT while the rendition is made and VOD with an end after', async (t) => {
  const main = { viewingId: 'v', track: 0 }
  const segments = [
    { number: 0, durationMs: 4004 },
    { number: 1, durationMs: 1500 },
  ]
  t.equal(
    mediaPlaylistText(main, segments, true),
    `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:5
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="/viewings/v/tracks/0/init"
#EXTINF:4.004,
/viewings/v/tracks/0/segments/0
#EXTINF:1.500,
/viewings/v/tracks/0/segments/1
#EXT-X-ENDLIST
`,
  )
  const growing = mediaPlaylistText(main, segments, false)
  t.match(growing, /#EXT-X-PLAYLIST-TYPE:EVENT\n/)
  t.notMatch(growing, /ENDLIST/)
})
