import t from 'tap'
import { backoffMs } from '../../../services/foundation/queue/job-row.ts'
import { codecNames, isWellFormed } from '../../../workers/transcode/boxes.ts'
import { planRendition } from '../../../workers/transcode/plan.ts'
import { listedSegments } from '../../../workers/transcode/playlist.ts'
import { lastLine } from '../../../workers/transcode/probe.ts'

function box(type: string, content = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + content.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

t.test(
  'a playlist that still grows gives the segments whose line is whole, with times that do not drift',
  async (t) => {
    const third = '#EXTINF:1.333333,\n'
    const text = `#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n${[0, 1, 2].map((n) => `${third}segment-0000${n}.m4s\n`).join('')}#EXTINF:4.0,\nsegment-00003.m`
    const { segments, ended } = listedSegments(text)
    t.equal(ended, false)
    t.same(
      segments.map(({ startMs, durationMs }) => [startMs, durationMs]),
      [
        [0, 1333],
        [1333, 1334],
        [2667, 1333],
      ],
    )
    t.equal(listedSegments(`${text}4s\n#EXT-X-ENDLIST\n`).ended, true)
    t.equal(listedSegments(`${text}4s\n`).segments.length, 4)
  },
)

t.test('a playlist line that names anything else is not believed', async (t) => {
  for (const name of [
    '/etc/passwd',
    '../segment-00000.m4s',
    'segment-00001.m4s',
    'http://10.0.0.1/a.m4s',
    'segment-0.m4s',
  ]) {
    t.same(listedSegments(`#EXTINF:4.0,\n${name}\n`).segments, [], name)
  }
  t.same(listedSegments('#EXTINF:-4.0,\nsegment-00000.m4s\n').segments, [])
  t.same(listedSegments('segment-00000.m4s\n').segments, [])
})

t.test('a segment is whole boxes of fragmented MP4 and nothing else', async (t) => {
  const segment = Buffer.concat([box('styp'), box('moof'), box('mdat', Buffer.alloc(10))])
  t.equal(isWellFormed('segment', segment), true)
  t.equal(isWellFormed('init', Buffer.concat([box('ftyp'), box('moov')])), true)
  t.equal(isWellFormed('segment', segment.subarray(0, -1)), false, 'cut')
  t.equal(isWellFormed('segment', Buffer.concat([segment, Buffer.from('<html>')])), false)
  t.equal(isWellFormed('segment', Buffer.concat([segment, box('evil')])), false)
  t.equal(isWellFormed('segment', box('mdat')), false)
  t.equal(isWellFormed('init', segment), false)
  t.equal(isWellFormed('init', Buffer.alloc(0)), false)
  t.equal(isWellFormed('segment', Buffer.from([0, 0, 0, 0, 0x6d, 0x6f, 0x6f, 0x66])), false, 'a box without a length')
})

t.test('codecs are named as players want them', async (t) => {
  const init = Buffer.concat([Buffer.from('avcC'), Buffer.from('0164001fff', 'hex'), Buffer.from('mp4a')])
  t.equal(codecNames(init, 'LC'), 'avc1.64001f,mp4a.40.2')
  t.equal(codecNames(Buffer.from('mp4a'), 'HE-AAC'), 'mp4a.40.5')
  t.equal(codecNames(Buffer.alloc(10), null), null)
})

const h264 = {
  index: 0,
  codec_type: 'video',
  codec_name: 'h264',
  profile: 'High',
  pix_fmt: 'yuv420p',
  width: 1920,
  height: 1080,
}
const aac = { index: 1, codec_type: 'audio', codec_name: 'aac', profile: 'LC', channels: 2 }
const plans: [string, object[], string[]][] = [
  ['H.264 and AAC', [h264, aac], ['remux', 'transcode']],
  ['H.264 and PCM', [h264, { ...aac, codec_name: 'pcm_s16le' }], ['remux', 'transcode']],
  ['H.264 of 10 bits', [{ ...h264, profile: 'High 10', pix_fmt: 'yuv420p10le' }, aac], ['transcode']],
  ['H.264 4:2:2', [{ ...h264, profile: 'High 4:2:2', pix_fmt: 'yuv422p' }], ['transcode']],
  ['interlaced H.264', [{ ...h264, field_order: 'tt' }, aac], ['transcode']],
  ['HEVC', [{ ...h264, codec_name: 'hevc', profile: 'Main' }], ['transcode']],
  ['AAC alone', [aac], ['remux', 'transcode']],
  [
    'MP3 with a cover picture',
    [
      { ...aac, codec_name: 'mp3' },
      { ...h264, codec_name: 'mjpeg', disposition: { attached_pic: 1 } },
    ],
    ['transcode'],
  ],
  ['neither picture nor sound', [{ index: 0, codec_type: 'data' }], []],
]
for (const [name, streams, methods] of plans) {
  t.test(`${name}: ${methods.join(', else ') || 'nothing can be made'}`, async (t) => {
    const made = planRendition('mov', 'stream', { streams, format: {} } as Parameters<typeof planRendition>[2])
    t.same(
      made.map(({ method }) => method),
      methods,
    )
    for (const plan of made) {
      t.ok(plan.inputFlags.includes('-format_whitelist'), 'the format is forced')
      t.ok(plan.inputFlags.includes('-protocol_whitelist'))
      t.ok(plan.inputFlags.includes('-nostdin'))
    }
  })
}

t.test('a failed job waits longer each time, five minutes at most', async (t) => {
  t.same(
    [0, 1, 2, 3].map((attempts) => backoffMs(attempts, 0)),
    [1000, 2000, 4000, 8000],
  )
  t.equal(backoffMs(9, 0), 300_000)
  t.equal(backoffMs(1_000_000, 0), 300_000)
  t.equal(backoffMs(0, 1), 750, 'spread by a quarter')
})

t.test('a reason shows no control characters and no paths of the sandbox', async (t) => {
  t.equal(lastLine('first\n/in/source: \u001b[31mInvalid data\u0007\n\n'), 'source:  [31mInvalid data')
})
