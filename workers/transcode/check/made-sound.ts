import type { Stretch } from '../inventory/inventory.ts'
import { type Envelope, envelopeBuilder } from './envelope.ts'
import type { MadeAccount } from './made-account.ts'

/** Decoders and resamplers move a time stamp by less. */
const jitterMs = 15
/** A packet of AAC at 8 kHz is 128 ms long; the last one is not decoded in full by every decoder. */
const lastPacketMs = 130

/** Measures the loudness of what was made as Media Source plays it: back to back, whatever the fragments say of pauses. */
export interface MadeSound {
  add(timeMs: number, bytes: Buffer): void
  /** `firstMs`: where the first sound is played. */
  envelope(firstMs: number): Envelope
  /** Where sound is in the fragments but could not be decoded. */
  damaged(): Stretch[]
}

export function madeSound(
  account: MadeAccount,
  sound: { readonly channels: number; readonly sampleRate: number; readonly lengthMs: number },
): MadeSound {
  const builder = envelopeBuilder({
    channels: Array.from({ length: sound.channels }, (_, place) => place + 1),
    channelsInStream: sound.channels,
    sampleRate: sound.sampleRate,
    endMs: sound.lengthMs + 10_000,
  })
  const bytesPerMs = (2 * sound.channels * sound.sampleRate) / 1000
  const damaged: Stretch[] = []
  let positionMs = 0
  let pauseMs = 0
  let pausesPassed = 0
  return {
    add(timeMs, bytes) {
      for (let next = account.pauses[pausesPassed]; next && next.atMs <= timeMs + 1; ) {
        pauseMs = next.totalMs
        next = account.pauses[++pausesPassed]
      }
      const startMs = account.sound?.fromMs ?? 0
      const lostMs = timeMs - startMs - pauseMs - positionMs
      const isLost = lostMs > jitterMs
      if (isLost) {
        damaged.push({ fromMs: timeMs - lostMs, toMs: timeMs })
        positionMs += lostMs
      }
      builder.add(bytes, positionMs, positionMs > 0 && !isLost)
      positionMs += bytes.length / bytesPerMs
    },
    envelope: (firstMs) => builder.build(firstMs),
    damaged() {
      const { sound: whole, pauses } = account
      if (!whole) return damaged
      const toMs = whole.fromMs + positionMs + (pauses.at(-1)?.totalMs ?? 0)
      return whole.toMs - toMs > lastPacketMs ? [...damaged, { fromMs: toMs, toMs: whole.toMs }] : damaged
    },
  }
}
