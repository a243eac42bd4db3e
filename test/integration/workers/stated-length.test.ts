// What a header says of a recording's length, against what is there: nothing is claimed of ordinary files, and what is cut off
// is, however small its share.

import t from 'tap'
import type { Inventory } from '../../../workers/transcode/inventory/inventory.ts'
import { shorterThanStated } from '../../../workers/transcode/make/known.ts'
import { chooseTracks } from '../../../workers/transcode/plan/choose.ts'
import { planWays } from '../../../workers/transcode/plan/ways.ts'
import { h264, inventoryBench, picture, sound } from './inventory-clips.ts'

t.setTimeout(240_000)
const bench = await inventoryBench(t)

/** What is said when all that was found is made playable. */
function saidOf(inventory: Inventory, lengthMs = inventory.foundMs) {
  const [main] = planWays(chooseTracks(inventory, new Map())).at(-1)!.tracks
  return shorterThanStated(inventory, main, lengthMs)
}

const film = [...picture('160x120', 25), ...sound(), '-t', '6.3']
const aac = ['-c:a', 'aac']
const pcm = ['-c:a', 'pcm_s16le']
const kinds: readonly (readonly [name: string, format: string, flags: readonly string[]])[] = [
  ['camera.mp4', 'mov', [...film, ...h264, '-bf', '2', ...aac, '-movflags', '+faststart']],
  ['camera.mov', 'mov', [...film, ...h264, ...pcm, '-movflags', '+faststart']],
  ['camera.avi', 'avi', [...film, '-c:v', 'mjpeg', ...pcm]],
  ['camera.mkv', 'matroska', [...film, ...h264, ...aac]],
  ['camera.flv', 'flv', [...film, ...h264, ...aac]],
  ['pen.wav', 'wav', [...sound(), '-t', '6.3', ...pcm]],
  ['long-recorder.wav', 'wav', [...sound(), '-t', '6.3', ...pcm, '-rf64', 'always']],
  ['pen-adpcm.wav', 'wav', [...sound(), '-t', '6.3', '-c:a', 'adpcm_ima_wav']],
  ['pen.mp3', 'mp3', [...sound(), '-t', '6.3', '-c:a', 'libmp3lame', '-b:a', '32k']],
  ['pen-stereo-vbr.mp3', 'mp3', [...sound(44_100), '-t', '6.3', '-ac', '2', '-c:a', 'libmp3lame', '-q:a', '4']],
  [
    'pen-8000.mp3',
    'mp3',
    [
      ...sound(8000),
      '-t',
      '6.3',
      '-c:a',
      'libmp3lame',
      '-b:a',
      '16k',
      '-id3v2_version',
      '4',
      '-metadata',
      'title=0007',
    ],
  ],
  ['pen.aiff', 'aiff', [...sound(), '-t', '6.3', '-c:a', 'pcm_s16be']],
]

for (const [name, format, flags] of kinds) {
  t.test(`${name}: whole, and cut at two thirds`, async (t) => {
    const whole = await bench.make(name, flags)
    const before = await bench.inventory(whole, format)
    t.not(before.statedMs, null, 'its header says how long it is')
    t.same(saidOf(before), [])
    const cut = await bench.inventory(whole.subarray(0, Math.floor((whole.length * 2) / 3)), format)
    const [said] = saidOf(cut)
    t.match(said, { what: 'shorter_than_stated' })
    // The last block of ADPCM is filled up.
    t.ok(Math.abs(said!.statedMs! - before.statedMs!) <= 100, `${said?.statedMs} of ${before.statedMs} ms`)
  })
}

t.test('ordinary films whose tracks end apart, whose pictures come irregularly or rarely', async (t) => {
  const films = {
    'long-sound.mp4': [...picture('160x120', 25), ...sound(), '-filter:v', 'trim=end=2', '-t', '4', ...h264, ...aac],
    'irregular.mp4': [...film, '-vf', "select='lt(mod(n,50),20)'", '-vsync', 'vfr', ...h264, ...aac],
    'time-lapse.mp4': [...picture('160x120', 1), '-vf', 'setpts=30*PTS', '-r', '1/30', '-frames:v', '10', ...h264],
    'fragments.mp4': [...film, ...h264, ...aac, '-movflags', 'frag_keyframe+empty_moov'],
  }
  for (const [name, flags] of Object.entries(films)) {
    const inventory = await bench.inventory(await bench.make(name, flags), 'mov')
    t.same(saidOf(inventory), [], name)
  }
})

t.test('of two hours, ten seconds are missing', async (t) => {
  const [, , flags] = kinds[0]!
  const inventory = await bench.inventory(await bench.make('two-hours.mp4', flags), 'mov')
  const long = { ...inventory, statedMs: 7_200_000 }
  t.same(saidOf(long, 7_199_900), [])
  t.same(saidOf(long, 7_190_000), [{ what: 'shorter_than_stated', statedMs: 7_200_000, foundMs: 7_190_000 }])
})

t.test(
  'a film that a phone trimmed: nothing is claimed of it when it is whole, and what is cut off is said',
  async (t) => {
    const recorded = await bench.make('recorded.mp4', [
      ...picture('160x120', 25),
      ...sound(),
      '-t',
      '20',
      ...h264,
      ...aac,
    ])
    t.ok(recorded.length > 0)
    const trims = { beginning: ['-ss', '4.5'], end: ['-t', '13.3'], both: ['-ss', '4.5', '-t', '9.7'] }
    for (const [name, flags] of Object.entries(trims)) {
      const copied = [...flags, '-i', bench.path('recorded.mp4'), '-c', 'copy', '-movflags', '+faststart']
      const trimmed = await bench.make(`trimmed-${name}.mp4`, copied)
      t.same(saidOf(await bench.inventory(trimmed, 'mov')), [], name)
      const cut = await bench.inventory(trimmed.subarray(0, Math.floor(trimmed.length * 0.6)), 'mov')
      const [said] = saidOf(cut)
      t.match(said, { what: 'shorter_than_stated', foundMs: cut.foundMs }, `${name}, cut`)
    }
  },
)

t.test('a cover that stands for nine seconds hides nothing, and no picture of a time-lapse is missed', async (t) => {
  const cover = ['-f', 'lavfi', '-i', 'color=c=red:s=160x120:r=1/9:d=9']
  const tracks = ['-map', '0:v', '-map', '1:a', '-map', '2:v', ...h264, ...aac, '-c:v:1', 'mjpeg', '-r:v:1', '1/9']
  const inputs = [...picture('160x120', 25), ...sound(), ...cover]
  const whole = await bench.make('cover.mp4', [...inputs, ...tracks, '-t', '18', '-movflags', '+faststart'])
  t.same(saidOf(await bench.inventory(whole, 'mov')), [])
  const cut = await bench.inventory(whole.subarray(0, Math.floor(whole.length * 0.7)), 'mov')
  t.ok(cut.statedMs! - cut.foundMs < 9000, 'less is missing than the cover stands')
  t.match(saidOf(cut), [{ what: 'shorter_than_stated' }])
  const slow = [...picture('160x120', 1), '-vf', 'setpts=30*PTS', '-r', '1/30', '-frames:v', '10', ...h264]
  for (const [format, name] of [
    ['matroska', 'slow.mkv'],
    ['mov', 'slow.mp4'],
    ['avi', 'slow.avi'],
  ] as const) {
    t.same(saidOf(await bench.inventory(await bench.make(name, slow), format)), [], name)
  }
})

t.test('a WAV written to a pipe states nothing, and one behind a device header is cut too', async (t) => {
  const whole = await bench.make('piped.wav', [...sound(), '-t', '6.3', '-c:a', 'pcm_mulaw', '-f', 'wav'])
  const dataAt = whole.indexOf('data') + 4
  for (const length of [0x7fff_f000, 0x7fff_ffff, 0xffff_ffff]) {
    const piped = Buffer.from(whole)
    piped.writeUInt32LE(length, 4)
    piped.writeUInt32LE(length, dataAt)
    piped.writeUInt32LE(length, piped.indexOf('fact') + 8)
    const inventory = await bench.inventory(piped, 'wav')
    t.match(inventory, { statedMs: null })
    t.ok(Math.abs(inventory.foundMs - 6300) <= 100, `${inventory.foundMs} ms`)
  }
  const behind = Buffer.concat([Buffer.alloc(512, 0x77), whole.subarray(0, Math.floor(whole.length / 2))])
  t.match(saidOf(await bench.inventory(behind, 'wav', 512)), [{ what: 'shorter_than_stated' }])
})
