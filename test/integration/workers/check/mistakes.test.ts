// Every mistake that a rendition can have is found in what was made of one recording of two voices.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Difference, TrackFindings } from '../../../../workers/transcode/check/findings.ts'
import { inFull } from '../../../support/in-full.ts'
import { checked, ffmpeg, inventoryOf, type Mistakes, makePieces, type Piece, planOf } from './renditions.ts'

t.setTimeout(240_000)
const seconds = 6
const voices = '0.4*sin(2*PI*440*t)*gt(sin(2*PI*1.7*t+sin(t))\\,-0.2)|0.3*sin(2*PI*700*t)*gt(sin(2*PI*1.1*t+1)\\,0.2)'
const folder = await mkdtemp(join(tmpdir(), 'custody-mistakes-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const path = join(folder, 'source.mp4')
await ffmpeg([
  ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${seconds}`],
  ...['-f', 'lavfi', '-i', `aevalsrc=exprs=${voices}:s=48000:d=${seconds}`],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-c:a', 'aac', path],
])
const inventory = await inventoryOf(path, 'mov')
const source = { path, format: 'mov', inventory }
const plan = planOf(inventory, 'encode')
const right = await makePieces(source, plan)

async function found(mistakes: Mistakes): Promise<readonly Difference[]> {
  return (await checked(folder, source, plan, await makePieces(source, plan, mistakes))).differences
}

function kinds({ differences }: Pick<TrackFindings, 'differences'>): string[] {
  return [...new Set(differences.map(({ what }) => what))].sort()
}

t.test('what was made rightly shows no difference and gives small pictures', async (t) => {
  const { differences, thumbnails, holes } = await checked(folder, source, plan, right)
  t.same(differences, [])
  t.same(holes, [])
  t.same(
    thumbnails.map(({ startMs }) => startMs),
    [0, 2000, 4000],
  )
  t.ok(thumbnails.every(({ jpeg }) => jpeg.readUInt16BE(0) === 0xffd8))
})

t.test('sound that lies elsewhere', async (t) => {
  const late = await found({ sound: 'adelay=80:all=1' })
  t.match(
    late.find(({ what }) => what === 'sound_displaced'),
    { fromMs: 0, statedMs: 0, foundMs: 80 },
  )
  const early = await found({ sound: 'atrim=start=1.5,asetpts=PTS-STARTPTS' })
  t.match(
    early.find(({ what }) => what === 'sound_displaced'),
    { fromMs: 0, statedMs: 0, foundMs: -1500 },
  )
})

t.test('sound that is missing or other than it was', async (t) => {
  const silent = await found({ sound: "volume=enable='between(t,3,3.3)':volume=0" })
  t.match(silent, [{ what: 'sound_missing', channel: 1 }])
  t.ok(silent[0]!.fromMs! >= 3000 && silent[0]!.toMs! <= 3300)
  t.match(await found({ sound: 'pan=stereo|c0=c0|c1=0*c1' }), [{ what: 'sound_missing', channel: 2 }])
  const swapped = await found({ sound: 'pan=stereo|c0=c1|c1=c0' })
  t.same([...new Set(swapped.map(({ channel }) => channel))].sort(), [1, 2])
  const quiet = await found({ sound: 'volume=-12dB' })
  t.match(quiet, [
    { what: 'sound_differs', channel: 1 },
    { what: 'sound_differs', channel: 2 },
  ])
})

t.test('a picture that is turned, mirrored, another one, or of another time', async (t) => {
  const turned = ['transpose=1,scale=320:180', 'hflip']
  for (const picture of inFull ? [...turned, 'transpose=1', 'vflip'] : turned) {
    t.same(kinds({ differences: await found({ picture }) }), ['not_upright'], picture)
  }
  const early = await found({ picture: 'trim=start=1,setpts=PTS-STARTPTS,tpad=stop_duration=1:stop_mode=clone' })
  t.match(early[0], { what: 'picture_displaced', statedMs: 1000, foundMs: 0 })
  t.same(kinds({ differences: await found({ picture: 'drawbox=c=red:t=fill' }) }), ['picture_differs'])
  t.same(kinds({ differences: await found({ picture: 'scale=320:240,setsar=1' }) }), ['picture_differs'], 'squeezed')
})

t.test('a rendition that is a second too short', async (t) => {
  const short = await found({ lengthMs: (seconds - 1) * 1000 })
  t.match(
    short.find(({ what }) => what === 'length_differs'),
    { statedMs: seconds * 1000 },
  )
  t.ok(short.some(({ what, toMs }) => what === 'sound_missing' && toMs === seconds * 1000))
})

/** The pieces with random bytes in one of them: `share` of its film from the start. */
function withNoise(number: number, share: number): Piece[] {
  return right.map((piece, place) => {
    if (place !== number) return piece
    const bytes = Buffer.from(piece.bytes)
    const start = bytes.indexOf('mdat') + 4
    const end = start + Math.floor((bytes.length - start) * share)
    for (let at = start, state = 7; at < end; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      bytes[at] = state >>> 24
    }
    return { ...piece, bytes }
  })
}

t.test('a piece that is damaged between making and checking is named with its time', async (t) => {
  const { startMs, durationMs } = right[3]!
  for (const share of inFull ? [0.02, 1] : [0.02]) {
    const { differences } = await checked(folder, source, plan, withNoise(3, share))
    t.same(kinds({ differences }), ['damaged'], `${share} of it`)
    t.ok(Math.abs(differences[0]!.fromMs! - startMs) <= 40)
    t.ok(differences.at(-1)!.toMs! <= startMs + durationMs + 40)
  }
  const noFragment = right.map((piece, place) => (place === 3 ? { ...piece, bytes: piece.bytes.subarray(100) } : piece))
  t.match(
    (await checked(folder, source, plan, noFragment)).differences.filter(({ what }) => what === 'damaged'),
    [{ fromMs: startMs }],
  )
})

t.test('where the clock of the source steps back, only what was made is judged', { skip: !inFull }, async (t) => {
  const tracks = inventory.tracks.map((track) => ({ ...track, jumpsBack: 1 }))
  const joined = { ...source, inventory: { ...inventory, tracks } }
  const elsewhere = await makePieces(source, plan, { sound: 'adelay=300:all=1', picture: 'hue=s=0,negate' })
  t.strictSame(kinds(await checked(folder, source, plan, elsewhere)), ['picture_differs', 'sound_displaced'])
  t.same(kinds(await checked(folder, joined, plan, elsewhere)), [])
  const { startMs } = right[3]!
  const damaged = await checked(folder, joined, plan, withNoise(3, 1))
  t.same(kinds(damaged), ['damaged'])
  t.ok(Math.abs(damaged.differences[0]!.fromMs! - startMs) <= 40)
  const squeezed = await makePieces(source, plan, { picture: 'scale=320:240,setsar=1' })
  t.same(kinds(await checked(folder, joined, plan, squeezed)), ['picture_differs'], 'its shape is of no time')
})
