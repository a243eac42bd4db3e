/** Loudness over time, in bins of `binMs`. Where there is no sound a bin is as quiet as can be. */
export interface Envelope {
  /** The time at which the first bin begins. */
  readonly startMs: number
  /** Per channel the level of each bin in dB below full scale, never below `quietDb`. */
  readonly channels: readonly Float32Array[]
}

export const binMs = 20
export const quietDb = -100
/** What is slower is a drift of the zero line, and no sound. */
const lowestHz = 20
const fullScale = 32_768
const binsAtFirst = 4096

export interface EnvelopeBuilder {
  /** Adds 16-bit samples, channels interleaved, that begin at `timeMs`; `isContinued` when they follow the last ones. */
  add(bytes: Buffer, timeMs: number, isContinued: boolean): void
  /** `startMs` becomes the time of what was added at 0. */
  build(startMs: number): Envelope
}

/**
 * Sums up samples as they come, in little memory. `channels` picks of the stream's `channelsInStream`, from 1. Whatever
 * lies before 0 or beyond `endMs` is left out.
 */
export function envelopeBuilder(sound: {
  channels: readonly number[]
  channelsInStream: number
  sampleRate: number
  endMs: number
}): EnvelopeBuilder {
  const { channels, channelsInStream, sampleRate } = sound
  const binsMax = Math.ceil(sound.endMs / binMs)
  const samplesPerMs = sampleRate / 1000
  const samplesPerBin = samplesPerMs * binMs
  const zeroLineFactor = 1 - (2 * Math.PI * lowestHz) / sampleRate
  let sums = channels.map(() => new Float32Array(Math.min(binsAtFirst, binsMax)))
  let binsUsed = 0
  const states = channels.map(() => ({ last: 0, before: 0, level: 0 }))

  const grow = (bins: number): void => {
    const length = sums[0]?.length ?? 0
    if (bins <= length) return
    sums = sums.map((old) => {
      const larger = new Float32Array(Math.min(Math.max(bins, 2 * length), binsMax))
      larger.set(old)
      return larger
    })
  }

  const addChannel = (samples: Int16Array, first: number, place: number): void => {
    const state = states[place]!
    const sum = sums[place]!
    let { last, before, level } = state
    let bin = Math.floor(first / samplesPerBin)
    let binEnd = (bin + 1) * samplesPerBin
    let energy = 0
    let position = first
    for (let at = channels[place]! - 1; at < samples.length; at += channelsInStream) {
      if (position >= binEnd) {
        if (bin >= 0 && bin < binsMax) sum[bin]! += energy
        energy = 0
        bin++
        binEnd += samplesPerBin
      }
      const sample = samples[at]!
      // Each sample is averaged with the last one: what lies close to half the sample rate survives no conversion.
      level = (sample - before) / 2 + zeroLineFactor * level
      before = last
      last = sample
      energy += level * level
      position++
    }
    if (bin >= 0 && bin < binsMax) sum[bin]! += energy
    state.last = last
    state.before = before
    state.level = level
  }

  return {
    add(bytes, timeMs, isContinued) {
      const samples = int16Of(bytes)
      const begin = Math.round(timeMs * samplesPerMs)
      const end = begin + Math.floor(samples.length / channelsInStream)
      const bins = Math.min(binsMax, Math.ceil(end / samplesPerBin))
      if (bins <= 0 || samples.length < channelsInStream) return
      grow(bins)
      binsUsed = Math.max(binsUsed, bins)
      for (const place of channels.keys()) {
        // A step from silence to the first sample is no sound.
        const first = samples[channels[place]! - 1] ?? 0
        if (!isContinued) states[place] = { last: first, before: first, level: 0 }
        addChannel(samples, begin, place)
      }
    },
    build(startMs) {
      const perBin = samplesPerBin * fullScale * fullScale
      return {
        startMs,
        channels: sums.map((sum) => sum.subarray(0, binsUsed).map((energy) => decibels(energy / perBin))),
      }
    },
  }
}

function decibels(power: number): number {
  return power <= 1e-10 ? quietDb : Math.max(quietDb, 10 * Math.log10(power))
}

function int16Of(bytes: Buffer): Int16Array {
  if (bytes.byteOffset % 2 === 0) return new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2))
  const aligned = Uint8Array.from(bytes)
  return new Int16Array(aligned.buffer, 0, Math.floor(bytes.length / 2))
}
