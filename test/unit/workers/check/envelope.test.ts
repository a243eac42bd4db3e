import t from 'tap'
import { binMs, envelopeBuilder, quietDb } from '../../../../workers/transcode/check/envelope.ts'

const sampleRate = 8000
const seconds = 1

/** A second of two channels: a tone of 440 Hz at half of full scale, and silence. */
function tone(): Buffer {
  const samples = new Int16Array(2 * sampleRate * seconds)
  for (let at = 0; at < sampleRate; at++) samples[2 * at] = 16_384 * Math.sin((2 * Math.PI * 440 * at) / sampleRate)
  return Buffer.from(samples.buffer)
}

const builderOf = (channels: number[], endMs = 10_000) =>
  envelopeBuilder({ channels, channelsInStream: 2, sampleRate, endMs })

t.test('each channel that was asked for has the level of its own samples', async (t) => {
  const builder = builderOf([2, 1])
  builder.add(tone(), 0, false)
  const { channels, startMs } = builder.build(0)
  t.equal(startMs, 0)
  t.equal(channels[0]!.length, (seconds * 1000) / binMs)
  t.ok(channels[0]!.every((level) => level === quietDb))
  t.ok(
    channels[1]!.slice(1).every((level) => Math.abs(level - -9) < 0.5),
    'half of full scale',
  )
})

t.test('pieces of any size add up, at their time, within the recording', async (t) => {
  const [whole, inPieces] = [builderOf([1], 1500), builderOf([1], 1500)]
  whole.add(tone(), 1000, false)
  for (let at = 0; at < tone().length; at += 404) {
    inPieces.add(tone().subarray(at, at + 404), 1000 + at / 32, at > 0)
  }
  const [one, other] = [whole.build(0).channels[0]!, inPieces.build(0).channels[0]!]
  t.equal(one.length, 1500 / binMs)
  t.ok(one.every((level, bin) => Math.abs(level - other[bin]!) < 0.1))
  t.ok(one.slice(0, 1000 / binMs).every((level) => level === quietDb))
})
