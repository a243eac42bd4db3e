import { appendFile, readFile, writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { chooseTracks } from '../../../workers/transcode/plan/choose.ts'
import { h264, inventoryBench, picture, sound, trackOf } from './inventory-clips.ts'

t.setTimeout(240_000)
const bench = await inventoryBench(t)

const near = (t: Test, actual: number | null, expected: number, what: string, byMs = 60) =>
  t.ok(actual !== null && Math.abs(actual - expected) <= byMs, `${what}: ${actual} instead of ${expected}`)

t.test('a voice that begins long after the head of a stream is found', async (t) => {
  const late = ['-itsoffset', '20', ...sound(), '-map', '0:v', '-map', '1:a', '-t', '26']
  const codecs = ['-c:v', 'mpeg2video', '-b:v', '2M', '-c:a', 'mp2']
  for (const [name, format] of [
    ['late.mpg', 'mpeg'],
    ['late.ts', 'mpegts'],
  ] as const) {
    const found = await bench.inventory(await bench.make(name, [...picture('160x120', 25), ...late, ...codecs]), format)
    near(t, trackOf(found, 'sound').firstMs, 20_000, `${name} voice`, 100)
    near(t, trackOf(found, 'picture').firstMs, 0, `${name} picture`)
    near(t, found.foundMs, 26_000, `${name} length`, 150)
    t.equal(found.statedMs, null)
    t.same(found.leftOut, [])
    t.same(trackOf(found, 'picture').gaps, [])
  }
})

t.test('a muted stretch is a gap, although the container stretches a packet over it', async (t) => {
  const muted = ['-af', "aselect='lt(t,2)+gt(t,5)'", '-t', '7', ...h264, '-c:a', 'aac']
  const found = await bench.inventory(await bench.make('muted.mp4', [...picture(), ...sound(), ...muted]), 'mov')
  const { gaps, driftMs, sound: facts } = trackOf(found, 'sound')
  t.equal(gaps.length, 1)
  near(t, gaps[0]!.fromMs, 2000, 'gap begins', 130)
  near(t, gaps[0]!.toMs, 5000, 'gap ends', 130)
  near(t, driftMs, 3000, 'drift', 130)
  t.match(facts, { channels: 1, sampleRate: 16_000 })
  t.equal(found.statedMs, 7000)
})

t.test('rotation, edit list and pixel shape are read from the header', async (t) => {
  const clip = ['-t', '6', ...h264, '-bf', '0', '-aspect', '16:9']
  const whole = await bench.make('whole.mp4', [...picture(), ...clip])
  // The display matrix of tkhd (ISO 14496-12, 8.3.2): a quarter turn.
  const matrix = whole.indexOf('tkhd') + 44
  for (const [at, value] of [0, 0x10000, 0, -0x10000, 0].entries()) whole.writeInt32BE(value, matrix + 4 * at)
  const found = trackOf(await bench.inventory(whole, 'mov'), 'picture')
  t.match(found.picture, { width: 160, height: 120, rotation: 90, isMirrored: false, rate: 10 })
  near(t, found.picture!.pixelAspect * 100, 133, 'pixel aspect', 1)
  t.equal(found.trimmedMs, 0)
  t.match(found, { keyFrames: 3, firstKeyMs: 0, keyFrameDistanceMsMax: 2000, keyFrameSamplesMs: [0, 2000, 4000] })
  const cut = ['-ss', '3.5', '-i', bench.path('whole.mp4'), '-c', 'copy']
  const trimmed = trackOf(await bench.inventory(await bench.make('trimmed.mp4', cut), 'mov'), 'picture')
  near(t, trimmed.trimmedMs, 1500, 'trimmed', 200)
  near(t, trimmed.endMs, 2500, 'what is left', 200)
  t.ok(trimmed.discardedPackets > 10)
})

t.test('encrypted tracks are named, by container and by scrambling bits', async (t) => {
  const key = [
    '-encryption_scheme',
    'cenc-aes-ctr',
    '-encryption_key',
    '0'.repeat(32),
    '-encryption_kid',
    '1'.repeat(32),
  ]
  const cenc = await bench.make('cenc.mp4', [...picture(), ...sound(), '-t', '2', ...h264, '-c:a', 'aac', ...key])
  t.same(
    (await bench.inventory(cenc, 'mov')).tracks.map((track) => track.isEncrypted),
    [true, true],
  )
  const stream = await bench.make('clear.ts', [...picture(), ...sound(), '-t', '3', ...h264, '-c:a', 'aac'])
  const clear = await bench.inventory(stream, 'mpegts')
  t.same(
    clear.tracks.map((track) => track.isEncrypted),
    [false, false],
  )
  const scrambled = Buffer.from(stream)
  for (let at = 0; at < scrambled.length; at += 188) {
    if ((scrambled.readUInt16BE(at + 1) & 0x1fff) === 0x101) scrambled[at + 3]! |= 0x80
  }
  t.same(
    (await bench.inventory(scrambled, 'mpegts')).tracks.map(({ kind, isEncrypted }) => [kind, isEncrypted]),
    [
      ['picture', false],
      ['sound', true],
    ],
  )
})

t.test('a change of size in a stream without a header is seen', async (t) => {
  await bench.make('large.ts', [...picture('320x240'), '-t', '4', ...h264])
  const small = await bench.make('small.ts', [...picture('160x120'), '-t', '4', ...h264, '-output_ts_offset', '4'])
  await appendFile(bench.path('large.ts'), small)
  const found = trackOf(await bench.inventory(await readFile(bench.path('large.ts')), 'mpegts'), 'picture')
  t.same(found.picture!.sizes, [
    { width: 320, height: 240 },
    { width: 160, height: 120 },
  ])
  near(t, found.endMs, 8000, 'end', 200)
})

t.test('subtitles, pictures beside the film and the clocks of a file are mentioned', async (t) => {
  await writeFile(bench.path('place.srt'), '1\n00:00:00,500 --> 00:00:01,000\n30.1 120.2\n\n')
  await bench.make('cover.jpg', [...picture(), '-frames:v', '1'])
  const all = await bench.make('all.mp4', [
    ...[...picture(), ...sound(), '-i', bench.path('place.srt'), '-i', bench.path('cover.jpg'), '-t', '2'],
    ...['-map', '0', '-map', '1', '-map', '1', '-map', '2', '-map', '3', ...h264, '-c:a', 'aac', '-c:s', 'mov_text'],
    ...['-c:v:1', 'copy', '-disposition:v:1', 'attached_pic', '-metadata:s:a:1', 'language=chi'],
    ...['-metadata', 'creation_time=2026-11-23T08:00:00Z', '-metadata', 'title=line\n    ],\n    "packets": ['],
  ])
  const found = await bench.inventory(all, 'mov')
  t.same(found.tracks.map(({ kind }) => kind).sort(), ['attached_picture', 'picture', 'sound', 'sound', 'subtitle'])
  t.match(found.clocks, { creation_time: '2026-11-23T08:00:00.000000Z' })
  t.equal(found.tags.title, 'line\n    ],\n    "packets": [')
  t.equal(found.tracks.find(({ language }) => language === 'chi')?.kind, 'sound')
})

t.test('lines that are due in the middle of a film are nothing that a camera trimmed, and are named', async (t) => {
  await writeFile(bench.path('line.srt'), '1\n00:00:01,000 --> 00:00:04,000\n30.1 120.2\n\n')
  const film = [
    ...picture(),
    ...sound(),
    '-i',
    bench.path('line.srt'),
    '-map',
    '0',
    '-map',
    '1',
    '-map',
    '2',
    '-t',
    '8',
  ]
  const codecs = [...h264, '-c:a', 'aac']
  for (const [name, format, text] of [
    ['lines.mp4', 'mov', 'mov_text'],
    ['lines.mkv', 'matroska', 'srt'],
  ] as const) {
    const found = await bench.inventory(await bench.make(name, [...film, ...codecs, '-c:s', text]), format)
    t.same(
      found.tracks.map(({ kind, trimmedMs }) => [kind, trimmedMs]),
      [
        ['picture', 0],
        ['sound', 0],
        ['subtitle', 0],
      ],
    )
    t.same(chooseTracks(found, new Map()).notShown, [{ stream: 2, why: 'text_track' }])
  }
})

t.test('a time code is one number in an ordinary film, and none of what is not shown', async (t) => {
  const flags = ['-t', '2', ...h264, '-c:a', 'aac', '-timecode', '10:00:00:00']
  const found = await bench.inventory(
    await bench.make('timecode.mov', [...picture('160x120', 25), ...sound(), ...flags]),
    'mov',
  )
  t.match(found.tracks[2], { kind: 'data', tag: 'tmcd', tags: { timecode: '10:00:00:00' } })
  t.same(chooseTracks(found, new Map()).notShown, [])
})

t.test('bytes behind the last box of a film are named, and what is cut off in a box is not called so', async (t) => {
  const whole = await bench.make('ends.mp4', [...picture(), '-t', '2', ...h264, '-movflags', '+faststart'])
  const behind = async (bytes: Buffer) => (await bench.inventory(bytes, 'mov')).leftOut
  const garbage = Buffer.alloc(300_000, 0xa7)
  t.same(await behind(whole), [])
  t.same(await behind(Buffer.concat([whole, garbage])), ['300,000 bytes behind the end of the film, of no known box'])
  t.same(await behind(Buffer.concat([whole, Buffer.alloc(5000)])), [
    '5,000 zero bytes behind the end of the film, of no known box',
  ])
  t.same(await behind(Buffer.concat([whole, Buffer.from([0, 0, 0, 12]), Buffer.from('gps0????')])), [], 'a box')
  t.same(await behind(Buffer.concat([whole, Buffer.from([9, 9, 9, 9]), Buffer.from('q w!????')])), [
    '12 bytes behind the end of the film, of no known box',
  ])
  t.same(await behind(whole.subarray(0, whole.length - 500)), [])
})

t.test("a still's own time is read from its EXIF", async (t) => {
  const still = await bench.make('still.jpg', [...picture(), '-frames:v', '1'])
  const found = await bench.inventory(Buffer.concat([still.subarray(0, 2), exif(), still.subarray(2)]), 'jpeg_pipe')
  t.equal(found.clocks.DateTimeOriginal, '2026:11:23 08:00:00')
  t.match(trackOf(found, 'picture').picture, { width: 160, height: 120 })
})

t.test('what is broken off is counted as corrupt and as nothing else, and the file still described', async (t) => {
  const flags = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof']
  const whole = await bench.make('fragments.mp4', [...picture(), '-t', '6', ...h264, ...flags])
  const found = trackOf(await bench.inventory(whole.subarray(0, whole.lastIndexOf('mdat') + 3000), 'mov'), 'picture')
  t.equal(found.corruptPackets, 1)
  t.equal(found.packets, 40, 'the one that is cut is none')
})

t.test('what cannot be read has its reason in words', async (t) => {
  const many = Array.from({ length: 70 }, () => ['-map', '0:a']).flat()
  const streams = await bench.make('streams.mkv', [...sound(), ...many, '-t', '0.2', '-c:a', 'pcm_s16le'])
  t.same(await bench.look(streams, 'matroska'), { why: 'beyond_limit', reason: 'it holds more than 64 streams' })
  const seventeen = Array.from({ length: 17 }, () => ['-map', '0:a']).flat()
  const fewer = await bench.make('fewer.mkv', [...sound(), ...seventeen, '-t', '0.2', '-c:a', 'pcm_s16le'])
  t.equal((await bench.inventory(fewer, 'matroska')).tracks.length, 17)
  t.match(await bench.look(Buffer.alloc(10_000), 'mov'), {
    why: 'undecodable',
    reason: /^it begins as MP4 or QuickTime and cannot be read/,
    complaint: /Invalid data/,
  })
})

/** APP1 with one IFD that points to another, which says when the picture was taken. */
function exif(): Buffer {
  const time = Buffer.from('2026:11:23 08:00:00\0')
  const ifd = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(18)
    bytes.writeUInt16LE(1, 0)
    bytes.writeUInt16LE(tag, 2)
    bytes.writeUInt16LE(type, 4)
    bytes.writeUInt32LE(count, 6)
    bytes.writeUInt32LE(value, 10)
    return bytes
  }
  const tiff = [Buffer.from('II*\0\b\0\0\0', 'latin1'), ifd(0x8769, 4, 1, 26), ifd(0x9003, 2, time.length, 44), time]
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), ...tiff])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}
