import t from 'tap'
import { readInit } from '../../../../workers/transcode/fragments/read-init.ts'
import { writeInit } from '../../../../workers/transcode/fragments/write-init.ts'
import { adtsFlags, fragmentFlags } from '../../../support/fragment-flags.ts'
import { decodedFrames, makeFragmentedFilm, openBytes, outputOf, placeFilm } from '../../../support/fragmented-film.ts'

t.test('the header says what the tracks are', async (t) => {
  const film = await makeFragmentedFilm({
    seconds: 1,
    rate: 25,
    sampleRate: 44100,
    videoFlags: ['-profile:v', 'baseline'],
  })
  const { init } = await openBytes(film)
  t.match(init.tracks, [
    {
      ...{ kind: 'video', codec: /^avc1\.42[0-9a-f]{4}$/, timescale: 12_800, hasEditList: false, sound: null },
      picture: { width: 128, height: 72, shownWidth: 128, shownHeight: 72, nalLengthBytes: 4 },
    },
    {
      ...{ kind: 'audio', codec: 'mp4a.40.2', timescale: 44_100, picture: null },
      sound: { channels: 1, sampleRate: 44_100, packetTicks: 1024 },
    },
  ])
  t.same(init.tracks[0]!.picture!.matrix, [65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000])
})

t.test('HE-AAC is named, and its packets last as long as its core coder makes them', async (t) => {
  const film = await makeFragmentedFilm({ seconds: 3, sampleRate: 24000 })
  // No encoder of it is at hand. ffmpeg describes AAC-LC of 24 kHz in five bytes; four of them are rewritten to type 5 (5
  // bits), 24 kHz (4), one channel (4), heard at 48 kHz (4), core of type 2 (5).
  const { initBytes } = await openBytes(film)
  const at = initBytes.indexOf(Buffer.from([0x13, 0x08]))
  t.ok(at > 0)
  const bytes = Buffer.from(film)
  bytes.set([0x2b, 0x09, 0x88, 0x00], at)
  const { init } = await openBytes(bytes)
  t.match(init.tracks[0], { codec: 'mp4a.40.5', sound: { sampleRate: 48_000, packetTicks: 1024 }, timescale: 24_000 })
  const { audio, segments } = await placeFilm(bytes)
  t.ok(Math.abs(audio!.endMs! - 3000) < 90, `${audio!.endMs}`)
  t.equal(segments.length, 1)
})

t.test('edit lists and what no player needs are left out', async (t) => {
  const input = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=128x72:r=25:d=1',
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '2',
  ]
  const film = await outputOf('ffmpeg', [
    ...['-nostdin', ...input, '-metadata', 'title=of no use'],
    ...['-f', 'mp4', '-movflags', '+empty_moov+default_base_moof+frag_keyframe+delay_moov', '-'],
  ])
  const { init, initBytes } = await openBytes(film)
  t.equal(init.tracks[0]!.hasEditList, true)
  const written = writeInit(initBytes)
  t.match(readInit(written), { tracks: [{ ...init.tracks[0], hasEditList: false }] })
  t.notOk(['edts', 'udta', 'of no use'].some((word) => written.includes(word)))
  t.same(writeInit(written), written)
  const { segments } = await placeFilm(film)
  t.match(await decodedFrames(Buffer.concat([written, ...segments.map(({ bytes }) => bytes)])), { video: 25 })
})

t.test('sound that is copied out of ADTS frames has a description, and begins at 0 as any other', async (t) => {
  const film = await makeFragmentedFilm({ seconds: 5, rate: 25, bFrames: 2, sampleRate: 44100 })
  const stream = await outputOf('ffmpeg', ['-i', '-', '-c', 'copy', '-f', 'mpegts', '-'], film)
  const copy = ['-f', 'mpegts', '-i', '-', '-c', 'copy', ...fragmentFlags, ...adtsFlags, '-']
  const bytes = await outputOf('ffmpeg', copy, stream)
  const { init } = await openBytes(bytes)
  t.match(init.tracks, [{ hasEditList: false }, { codec: 'mp4a.40.2', hasEditList: false }])
  const { init: header, segments, video, audio } = await placeFilm(bytes, { videoMs: 100, audioMs: 200 })
  t.match(
    [video, audio],
    [
      { firstMs: 100, gaps: [] },
      { firstMs: 200, gaps: [] },
    ],
  )
  const whole = Buffer.concat([header, ...segments.map((segment) => segment.bytes)])
  t.match(await decodedFrames(whole), { video: 125, audio: audio!.samples })
})
