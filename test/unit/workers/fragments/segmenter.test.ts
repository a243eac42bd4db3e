import t, { type Test } from 'tap'
import {
  decodedFrames,
  type FilmOptions,
  makeFragmentedFilm,
  type Placed,
  type Placing,
  placeFilm,
} from '../../../support/fragmented-film.ts'

interface Case extends Placing {
  readonly name: string
  readonly film: FilmOptions
  readonly segments: number
  /** Longest track's end in milliseconds. */
  readonly endMs: number
}

const primingMs = (rate: number) => (-1024 * 1000) / rate

const cases: readonly Case[] = [
  {
    ...{ name: 'B-frames and sound of 48 kHz', film: { seconds: 9, rate: 25, bFrames: 3, sampleRate: 48000 } },
    ...{ audioMs: primingMs(48000), segments: 3, endMs: 9000 },
  },
  {
    ...{ name: 'no B-frames and sound of 44.1 kHz', film: { seconds: 5, rate: 30, keyEvery: 30, sampleRate: 44100 } },
    ...{ audioMs: primingMs(44100), segments: 2, endMs: 5000 },
  },
  {
    ...{ name: 'sound of 8 kHz only', film: { seconds: 13, sampleRate: 8000, fragmentSeconds: 1 } },
    ...{ audioMs: primingMs(8000), segments: 4, endMs: 13_000 },
  },
  {
    ...{ name: 'sound of 16 kHz only, in one fragment', film: { seconds: 9, sampleRate: 16000, fragmentSeconds: 60 } },
    ...{ audioMs: primingMs(16000), segments: 3, endMs: 9000 },
  },
  {
    ...{ name: 'picture only, from 700 ms on', film: { seconds: 6, rate: 10, keyEvery: 10, bFrames: 2 } },
    ...{ videoMs: 700, segments: 2, endMs: 6700 },
  },
  {
    ...{ name: 'sound from 6.5 s on', film: { seconds: 12, rate: 12.5, sampleRate: 16000, soundSeconds: 4 } },
    ...{ audioMs: 6500, segments: 3, endMs: 12_000 },
  },
  {
    ...{
      name: 'picture from 6.5 s on',
      film: { seconds: 6, rate: 25, bFrames: 1, sampleRate: 48000, soundSeconds: 12 },
    },
    ...{ videoMs: 6500, segments: 3, endMs: 12_500 },
  },
  {
    ...{
      name: 'sound goes on',
      film: { seconds: 3, rate: 25, sampleRate: 8000, soundSeconds: 33, fragmentSeconds: 2 },
    },
    ...{ audioMs: primingMs(8000), segments: 8, endMs: 33_000 },
  },
  {
    name: 'pictures at odd times',
    film: {
      ...{ seconds: 8, rate: 25, sampleRate: 48000, keyEvery: 20, bFrames: 2, fragmentSeconds: 0.3 },
      videoFlags: ['-vf', "select='not(mod(n,7))+not(mod(n,5))'", '-vsync', 'vfr'],
    },
    ...{ segments: 2, endMs: 8000 },
  },
  {
    ...{ name: 'a key frame every 20 s', film: { seconds: 45, rate: 10, keyEvery: 200, sampleRate: 8000 } },
    ...{ audioMs: primingMs(8000), segments: 3, endMs: 45_000 },
  },
  {
    ...{ name: '29.97 pictures a second', film: { seconds: 7, rate: 30000 / 1001, keyEvery: 15, bFrames: 3 } },
    ...{ segments: 2, endMs: 7007 },
  },
  {
    ...{
      name: 'fragments that begin between key frames',
      film: { seconds: 9, rate: 25, bFrames: 2, keyEvery: 50, fragmentSeconds: 0.3 },
    },
    ...{ segments: 3, endMs: 9000 },
  },
]

for (const { name, film, segments, endMs, ...placing } of cases) {
  t.test(`${name}: every track lies where it was placed, and every segment decodes`, async (t) => {
    const placed = await placeFilm(await makeFragmentedFilm(film), placing)
    t.equal(placed.segments.length, segments)
    requireNoHoles(t, placed)
    const frameMs = Math.max(film.rate ? 1000 / film.rate : 0, film.sampleRate ? (1024 * 1000) / film.sampleRate : 0)
    const last = placed.segments.at(-1)!
    t.ok(Math.abs(last.startMs + last.durationMs - endMs) <= frameMs + 1, `${last.startMs + last.durationMs} ms`)
    if (placed.video) t.ok(Math.abs(placed.video.firstMs! - (placing.videoMs ?? 0)) <= 1)
    const audioMs = Math.max(0, placing.audioMs ?? 0)
    if (placed.audio) t.ok(Math.abs(placed.audio.firstMs! - audioMs) <= frameMs / 2, `${placed.audio.firstMs} ms`)
    for (const segment of placed.segments) {
      const frames = await decodedFrames(Buffer.concat([placed.init, segment.bytes]))
      for (const { kind, samples } of segment.tracks)
        t.equal(frames[kind], samples, `segment ${segment.number}, ${kind}`)
    }
  })
}

function requireNoHoles(t: Test, { segments, video, audio }: Placed): void {
  let atMs = 0
  for (const { startMs, durationMs } of segments) {
    t.equal(startMs, atMs)
    t.ok(durationMs > 0 && durationMs <= 60_000, `${durationMs} ms`)
    atMs += durationMs
  }
  for (const track of [video, audio]) t.match(track ?? {}, track ? { gaps: [], overlaps: [], driftMs: 0 } : {})
  const endMs = Math.max(video?.endMs ?? 0, audio?.endMs ?? 0)
  t.ok(Math.abs(endMs - atMs) <= 1, 'the lengths of the segments sum up to the longest track')
}

t.test('all segments together decode to all pictures', async (t) => {
  const film = { seconds: 10, rate: 25, bFrames: 3, sampleRate: 44100 }
  const placed = await placeFilm(await makeFragmentedFilm(film), { audioMs: primingMs(44100) })
  const whole = Buffer.concat([placed.init, ...placed.segments.map(({ bytes }) => bytes)])
  t.match(await decodedFrames(whole), { video: 250, audio: placed.audio!.samples })
})

t.test('the sound of a segment reaches the end of its pictures', async (t) => {
  const film = { seconds: 13, rate: 25, bFrames: 3, sampleRate: 48000 }
  const { segments } = await placeFilm(await makeFragmentedFilm(film), { audioMs: primingMs(48000) })
  for (const { tracks } of segments.slice(0, -1)) {
    const [video, audio] = tracks
    t.ok(audio!.endMs >= video!.endMs && audio!.endMs - video!.endMs < 22, `${video!.endMs} ${audio!.endMs}`)
  }
})

t.test('copied pictures whose key frames lie too far apart are refused, encoded ones are not', async (t) => {
  const film = await makeFragmentedFilm({ seconds: 70, rate: 2, keyEvery: 1000 })
  await t.rejects(placeFilm(film), { code: 'bad_request', message: /^its key frames lie 70 s apart/ })
  t.match(await placeFilm(film, { isCopied: false }), { segments: [{ durationMs: 70_000 }] })
})

t.test('open groups of pictures are refused', async (t) => {
  const openGop = 'open-gop=1:keyint=25:min-keyint=25:scenecut=0:bframes=2:b-adapt=0'
  const film = await makeFragmentedFilm({ seconds: 3, rate: 25, videoFlags: ['-x264-params', openGop] })
  await t.rejects(placeFilm(film), { code: 'bad_request', message: /^its key frames need pictures before them/ })
})

t.test('what the placing does not name, or names wrongly, is refused', async (t) => {
  const film = await makeFragmentedFilm({ seconds: 1, rate: 25 })
  await t.rejects(placeFilm(film, { videoMs: -100 }), { code: 'bad_request' })
})
