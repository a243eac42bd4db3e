import type { Inventory, Stretch } from '../inventory/inventory.ts'
import { hasAdtsHeaders } from '../plan/commands.ts'
import type { TrackPlan } from '../track-plan.ts'
import { checkedSampleRate, type SourceRun, startDecoding } from './check-run.ts'
import { trackOf } from './compare-lengths.ts'
import { type Envelope, envelopeBuilder } from './envelope.ts'
import { haveSamePackets, type SoundPackets } from './same-packets.ts'
import { readSourcePackets } from './source-packets.ts'

export interface SourceSound {
  readonly envelope: Envelope
  /** Where sound was decoded; short pauses are bridged. */
  readonly present: readonly Stretch[]
}

/** Rounded time stamps are no reason to see a pause: below this, sound goes on where it was. */
const jitterMs = 15
const pauseMs = 100

/** The sound of the source, being read. */
export interface SourceSoundReading {
  /** Null when the rendition holds the very packets of the source in their places, or no sound is planned. */
  heardUnlessSame(made: SoundPackets): Promise<SourceSound | null>
}

/** Starts to read the sound of a track's source: copied packets as they are, otherwise decoded. */
export function startSourceSound(run: SourceRun, inventory: Inventory, plan: TrackPlan): SourceSoundReading {
  const track = trackOf(inventory, plan.sound?.stream)
  if (!track?.sound || !plan.sound) return { heardUnlessSame: async () => null }
  const { stream, sound } = track
  const { channels, way } = plan.sound
  const { sampleRate } = sound
  const decode = () =>
    readSourceSound(run, { stream, channels, channelsInStream: sound.channels, sampleRate, endMs: plan.lengthMs })
  const hasHeaders = hasAdtsHeaders(inventory.format)
  const copied = way === 'copy' ? readSourcePackets(run, { stream, hasHeaders }) : null
  const decoded = copied ? null : decode()
  // Awaited at the end; until then a failure must not end the process.
  for (const reading of [copied, decoded]) reading?.catch(() => undefined)
  return {
    async heardUnlessSame(made) {
      if (copied && haveSamePackets(await copied, made)) return null
      return await (decoded ?? decode())
    },
  }
}

/**
 * Decodes one sound stream of the original with its time stamps, so that a gap stays a gap, and measures the loudness of the
 * given channels (numbers from 1) on the recording's clock.
 */
async function readSourceSound(
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
