// What a header says of a recording's length, against what is there: nothing is claimed of ordinary files, and what is cut off
// is, however small its share.

import t from 'tap'
import { shorterThanStated } from '../../../workers/transcode/make/known.ts'
import { h264, inventoryBench, picture, sound } from './inventory-clips.ts'

t.setTimeout(240_000)
const bench = await inventoryBench(t)

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
  ['pen.aiff', 'aiff', [...sound(), '-t', '6.3', '-c:a', 'pcm_s16be']],
]

for (const [name, format, flags] of kinds) {
  t.test(`${name}: whole, and cut at two thirds`, async (t) => {
    const whole = await bench.make(name, flags)
    const before = await bench.inventory(whole, format)
    t.not(before.statedMs, null, 'its header says how long it is')
    t.same(shorterThanStated(before, before.foundMs), [])
    const cut = await bench.inventory(whole.subarray(0, Math.floor((whole.length * 2) / 3)), format)
    const [said] = shorterThanStated(cut, cut.foundMs)
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
    t.same(shorterThanStated(inventory, inventory.foundMs), [], name)
  }
})

t.test('of two hours, ten seconds are missing', async (t) => {
  const [, , flags] = kinds[0]!
  const inventory = await bench.inventory(await bench.make('two-hours.mp4', flags), 'mov')
  const long = { ...inventory, statedMs: 7_200_000 }
  t.same(shorterThanStated(long, 7_199_900), [])
  t.same(shorterThanStated(long, 7_190_000), [{ what: 'shorter_than_stated', statedMs: 7_200_000, foundMs: 7_190_000 }])
})
