import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { PlayedTrack } from '../../../workers/transcode/fragments/media-source-model.ts'
import {
  type FilmOptions,
  makeFragmentedFilm,
  type Placed,
  type Placing,
  placeFilm,
} from '../../support/fragmented-film.ts'

// The model of Media Source against the real one: what it says is buffered, and when a sound is really heard.

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const skip = executablePath ? false : 'no Chromium on this machine'
/** What a sound may be heard too early or late: the browser's own delays, on a busy machine. */
const heardWithinMs = 250
const bufferedWithinMs = 45
/** One beep of 200 ms a second. */
const beeps = 'between(mod(t\\,1)\\,0.3\\,0.5)'

interface Case extends Placing {
  readonly name: string
  readonly film: FilmOptions
}

const silent: readonly Case[] = [
  { name: 'pictures alone', film: { seconds: 5, rate: 25, bFrames: 3 } },
  { name: 'pictures alone, from 700 ms on', film: { seconds: 5, rate: 10, keyEvery: 10 }, videoMs: 700 },
  { name: 'a key frame every 5 s', film: { seconds: 6, rate: 10, keyEvery: 50, bFrames: 1 } },
  {
    name: 'pictures at odd times',
    film: { seconds: 6, rate: 25, videoFlags: ['-vf', "select='not(mod(n,7))+not(mod(n,5))'", '-vsync', 'vfr'] },
  },
]

const audible: readonly Case[] = [
  { name: 'B-frames and 48 kHz', film: { seconds: 4, rate: 25, bFrames: 3, sampleRate: 48000 }, audioMs: -21.3 },
  { name: 'no B-frames and 44.1 kHz', film: { seconds: 4, rate: 30, sampleRate: 44100 }, audioMs: -23.2 },
  { name: 'sound from 1.5 s on', film: { seconds: 4, rate: 25, sampleRate: 16000, soundSeconds: 2 }, audioMs: 1500 },
  { name: 'pictures from 1 s on', film: { seconds: 3, rate: 25, sampleRate: 48000, soundSeconds: 4 }, videoMs: 1000 },
  { name: 'sound goes on', film: { seconds: 2, rate: 25, bFrames: 2, sampleRate: 48000, soundSeconds: 4 } },
  { name: 'sound of 8 kHz alone', film: { seconds: 4, sampleRate: 8000 }, audioMs: -128, segmentMs: 1000 },
  { name: 'sound of 16 kHz alone', film: { seconds: 4, sampleRate: 16000 }, audioMs: -64, segmentMs: 2000 },
  { name: 'sound of 48 kHz alone', film: { seconds: 4, sampleRate: 48000, fragmentSeconds: 0.5 }, segmentMs: 500 },
]

t.test('the model says what Chromium has and what it plays', { skip }, async (t) => {
  const page = await openPage(t)
  const films: (Case & { placed: Placed })[] = []
  for (const given of [...silent, ...audible]) {
    const film = await makeFragmentedFilm({ ...given.film, loudness: beeps })
    films.push({ ...given, placed: await placeFilm(film, { segmentMs: 2000, ...given }) })
  }
  for (const { name, placed } of films) await compareBuffered(t, page, { name, placed })
  const withSound = films.filter(({ film }) => film.sampleRate)
  // All at once: each lasts 4 s.
  await Promise.all(withSound.map((film) => compareHeard(t, page, film)))
})

t.test('a jump plays from where a segment begins', { skip }, async (t) => {
  const page = await openPage(t)
  const film = await makeFragmentedFilm({ seconds: 4, rate: 25, bFrames: 2, sampleRate: 48000, loudness: beeps })
  const placed = await placeFilm(film, { audioMs: -21.3, segmentMs: 1000 })
  const played = await playedOf(page, placed, 2.2)
  t.match(played, { ended: true, error: null })
  t.ok(played.seen[0]! > 2.1 && played.seen[0]! < 4, `${played.seen[0]}`)
})

async function compareBuffered(t: Test, page: Page, { name, placed }: { name: string; placed: Placed }): Promise<void> {
  const ranges = (await page.evaluate(`bufferedOf(...${argumentsOf(placed)})`)) as [number, number][]
  const tracks = [placed.video, placed.audio].filter((track): track is PlayedTrack => track !== undefined)
  const endMs = Math.min(...tracks.map((track) => track.endMs!))
  // A track that begins later in the first segment counts from that segment's beginning.
  const fromMs = Math.min(...tracks.map((track) => track.firstMs!))
  t.equal(ranges.length, 1, `${name}: ${JSON.stringify(ranges)}`)
  const [from, end] = ranges[0]!
  t.ok(Math.abs(from * 1000 - fromMs) <= bufferedWithinMs, `${name}: begins at ${from} s, model ${fromMs} ms`)
  t.ok(Math.abs(end * 1000 - endMs) <= bufferedWithinMs, `${name}: ends at ${end} s, model ${endMs} ms`)
}

async function compareHeard(
  t: Test,
  page: Page,
  { name, film, placed, audioMs = 0 }: Case & { placed: Placed },
): Promise<void> {
  const { ended, error, heard } = await playedOf(page, placed, 0)
  t.match({ ended, error }, { ended: true, error: null }, name)
  // The coder's warming up is the first packet: what is heard lies behind it, where it was not dropped.
  const primingMs = audioMs < 0 ? 0 : 1024_000 / film.sampleRate!
  const beepsMs = Array.from({ length: Math.floor(film.soundSeconds ?? film.seconds) }, (_, n) => n * 1000 + 300)
  const expected = beepsMs.map((ms) => placed.audio!.firstMs! + primingMs + ms)
  t.equal(heard.length, expected.length, `${name}: ${heard}`)
  for (const [index, at] of heard.entries()) {
    t.ok(
      Math.abs(at * 1000 - expected[index]!) <= heardWithinMs,
      `${name}: heard at ${at} s, model ${expected[index]} ms`,
    )
  }
}

interface Played {
  readonly ended: boolean
  readonly error: string | null
  readonly seen: readonly number[]
  readonly heard: readonly number[]
}

async function playedOf(page: Page, placed: Placed, from: number): Promise<Played> {
  return (await page.evaluate(`playedOf(...${argumentsOf(placed)}, ${from})`)) as Played
}

function argumentsOf({ init, film, segments }: Placed): string {
  const type = `video/mp4; codecs="${film.init.tracks.map(({ codec }) => codec).join(',')}"`
  return JSON.stringify([type, [init, ...segments.map(({ bytes }) => bytes)].map((part) => part.toString('base64'))])
}

async function openPage(t: Test): Promise<Page> {
  const script = await readFile(join(import.meta.dirname, 'player.js'), 'utf8')
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><script>${script}</script><body>`)
  }).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return page
}
