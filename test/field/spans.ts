/** A stretch of time in which something is heard, in milliseconds. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const windowMs = 20
/** Of full scale; the tones of the inputs are far above, and what a coder leaves of silence far below. */
const loudnessMin = 0.01
/** Shorter silences are those of a coder that begins. */
const silenceMsMin = 200

/** Where one of several interleaved channels is heard, from the first sample on. Pure. */
export function spansOf(
  samples: Float32Array,
  { channel, channels, rate }: { readonly channel: number; readonly channels: number; readonly rate: number },
): Span[] {
  const spans: { fromMs: number; toMs: number }[] = []
  const frames = Math.floor(samples.length / channels)
  const windowFrames = Math.round((rate * windowMs) / 1000)
  for (let first = 0; first < frames; first += windowFrames) {
    let loudest = 0
    for (let frame = first; frame < Math.min(first + windowFrames, frames); frame++) {
      loudest = Math.max(loudest, Math.abs(samples[frame * channels + channel]!))
    }
    if (loudest < loudnessMin) continue
    const fromMs = (first * 1000) / rate
    const last = spans.at(-1)
    if (last && fromMs - last.toMs < silenceMsMin) last.toMs = fromMs + windowMs
    else spans.push({ fromMs, toMs: fromMs + windowMs })
  }
  return spans
}
