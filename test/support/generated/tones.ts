import type { Span } from './clip.ts'

/** Sound of one channel: samples from -1 to 1 that begin at a time. */
export interface Piece {
  readonly atMs: number
  readonly samples: Float32Array
}

const windowMs = 20
const hopMs = 5
const amplitudeMin = 0.1
/** A tone of ours is nearly all that sounds in its channel. */
const purityMin = 0.6
const pauseMsMax = 40
const soundingMsMin = 60

/** Where each tone sounds in a channel whose pieces lie as they do: pieces that follow each other within 3 ms are one. */
export function tonesIn(pieces: readonly Piece[], sampleRate: number, hertz: readonly number[]): Map<number, Span[]> {
  const found = new Map<number, Span[]>()
  for (const { atMs, samples } of joined(pieces, sampleRate)) {
    const count = Math.round((windowMs * sampleRate) / 1000)
    for (let middleMs = windowMs / 2; ; middleMs += hopMs) {
      const from = Math.round(((middleMs - windowMs / 2) * sampleRate) / 1000)
      if (from + count > samples.length) break
      const heard = toneIn(samples.subarray(from, from + count), sampleRate, hertz)
      if (heard === null) continue
      const spans = found.get(heard) ?? []
      found.set(heard, spans)
      add(spans, { fromMs: atMs + middleMs - hopMs / 2, toMs: atMs + middleMs + hopMs / 2 })
    }
  }
  return new Map(
    [...found].map(([tone, spans]) => [tone, spans.filter(({ fromMs, toMs }) => toMs - fromMs >= soundingMsMin)]),
  )
}

function add(spans: Span[], span: Span): void {
  const last = spans.at(-1)
  if (last && span.fromMs >= last.fromMs && span.fromMs - last.toMs <= pauseMsMax)
    spans[spans.length - 1] = { ...last, toMs: span.toMs }
  else spans.push(span)
}

function joined(pieces: readonly Piece[], sampleRate: number): Piece[] {
  const runs: { atMs: number; endMs: number; parts: Float32Array[] }[] = []
  for (const { atMs, samples } of pieces) {
    const lengthMs = (samples.length * 1000) / sampleRate
    const run = runs.at(-1)
    if (run && Math.abs(atMs - run.endMs) <= 3) {
      run.parts.push(samples)
      run.endMs += lengthMs
    } else runs.push({ atMs, endMs: atMs + lengthMs, parts: [samples] })
  }
  // A tone that begins or ends with its piece is seen in windows that begin before it or end after it.
  const edge = new Float32Array(Math.round((windowMs / 2 / 1000) * sampleRate))
  return runs.map(({ atMs, parts }) => {
    const all = [edge, ...parts, edge]
    const samples = new Float32Array(all.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of all) {
      samples.set(part, at)
      at += part.length
    }
    return { atMs: atMs - windowMs / 2, samples }
  })
}

/** The one tone that a window consists of (Goertzel's filter, Hann's window); null when there is none. */
function toneIn(samples: Float32Array, sampleRate: number, hertz: readonly number[]): number | null {
  const size = samples.length
  const weighted = new Float64Array(size)
  let power = 0
  let weight = 0
  for (let at = 0; at < size; at++) {
    const share = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / size)
    weighted[at] = samples[at]! * share
    power += weighted[at]! ** 2
    weight += share
  }
  if (power < (amplitudeMin ** 2 * size) / 16) return null
  for (const tone of hertz) {
    const factor = 2 * Math.cos((2 * Math.PI * tone) / sampleRate)
    let one = 0
    let two = 0
    for (let at = 0; at < size; at++) {
      const next = weighted[at]! + factor * one - two
      two = one
      one = next
    }
    const tonePower = one * one + two * two - factor * one * two
    const amplitude = (2 * Math.sqrt(tonePower)) / weight
    // A sine of amplitude A has the power A²/2 × the sum of squared weights, which is 3/8 of the size.
    if (amplitude >= amplitudeMin && ((amplitude ** 2 / 2) * size * 3) / 8 >= purityMin * power) return tone
  }
  return null
}
