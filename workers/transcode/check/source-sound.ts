import type { Stretch } from '../inventory/inventory.ts'
import { checkedSampleRate, type SourceRun, startDecoding } from './check-run.ts'
import { type Envelope, envelopeBuilder } from './envelope.ts'

export interface SourceSound {
  readonly envelope: Envelope
  /** Where sound was decoded; short pauses are bridged. */
  readonly present: readonly Stretch[]
}

/** Rounded time stamps are no reason to see a pause: below this, sound goes on where it was. */
const jitterMs = 15
const pauseMs = 100

/**
 * Decodes one sound stream of the original with its time stamps, so that a gap stays a gap, and measures the loudness of the
 * given channels (numbers from 1) on the recording's clock.
 */
export async function readSourceSound(
  run: SourceRun,
  sound: {
    readonly stream: number
    readonly channels: readonly number[]
    readonly channelsInStream: number
    readonly sampleRate: number
    readonly endMs: number
  },
): Promise<SourceSound> {
  const sampleRate = checkedSampleRate(sound.sampleRate)
  const builder = envelopeBuilder({ ...sound, sampleRate })
  const present: { fromMs: number; toMs: number }[] = []
  const bytesPerMs = (2 * sound.channelsInStream * sampleRate) / 1000
  let positionMs: number | null = null
  const input = ['-threads', '1', ...run.inputFlags, '-i', '/in/source', '-map', `0:${sound.stream}`]
  const output = ['-c:a', 'pcm_s16le', '-ar', String(sampleRate)]
  const decoding = startDecoding(run, [...input, ...output], ({ timeMs, bytes }) => {
    const isContinued: boolean = positionMs !== null && Math.abs(timeMs - positionMs) <= jitterMs
    const fromMs = isContinued ? positionMs! : timeMs
    builder.add(bytes, fromMs, isContinued)
    positionMs = fromMs + bytes.length / bytesPerMs
    const last = present.at(-1)
    if (last && fromMs - last.toMs <= pauseMs && fromMs >= last.fromMs) last.toMs = Math.max(last.toMs, positionMs)
    else present.push({ fromMs, toMs: positionMs })
  })
  await decoding.ended
  return { envelope: builder.build(0), present }
}
