import { startMsOf, toMs } from './place-track.ts'
import type { TrackQueue } from './track-queue.ts'

/** How much of what waits becomes the next segment. */
export interface Cut {
  /** The first so many pictures. */
  readonly pictures: number
  /** The first so many packets of sound. */
  readonly packets: number
}

export interface Waiting {
  readonly video: TrackQueue | null
  readonly audio: TrackQueue | null
  /** Where the next segment begins, in milliseconds on the recording's clock. */
  readonly startMs: number
  readonly segmentMs: number
  readonly segmentMsMax: number
  /** True when the film is over: nothing more arrives. */
  readonly isOver: boolean
}

/** A segment of this size ends at its next key picture, however short it is. */
const segmentBytes = 32 * 1024 * 1024
/** ffmpeg writes its tracks side by side: one that is so far behind another has paused or ended. */
export const trackLagMsMax = 10_000

/** Where the next segment ends; null while more must arrive to know it, or nothing is left. Pure. */
export function findCut(waiting: Waiting): Cut | null {
  const { video, audio, startMs, segmentMs } = waiting
  const picture = video?.samples[0]
  const sound = audio?.samples[0]
  const targetMs = startMs + segmentMs
  const pictureMs = picture ? startMsOf(video!.track, picture) : Number.POSITIVE_INFINITY
  const soundMs = sound ? startMsOf(audio!.track, sound) : Number.POSITIVE_INFINITY
  if (picture && (pictureMs < targetMs || soundMs >= pictureMs)) return cutAtKey(waiting, video!)
  if (!sound) return null
  const isAlone = !video || waiting.isOver || picture || audio!.endMs > Math.max(video.endMs, startMs) + trackLagMsMax
  return isAlone ? cutSoundAlone(waiting, audio!) : null
}

function cutSoundAlone(waiting: Waiting, audio: TrackQueue): Cut | null {
  const untilMs = waiting.startMs + waiting.segmentMs
  if (isNearlyOver(waiting, untilMs)) return { pictures: 0, packets: audio.samples.length }
  if (!waiting.isOver && audio.endMs < untilMs) return null
  return { pictures: 0, packets: Math.max(1, packetsBefore(audio, untilMs)) }
}

function cutAtKey(waiting: Waiting, video: TrackQueue): Cut | null {
  const { audio, startMs, segmentMs, isOver } = waiting
  // The sound of the last segment may go on beyond its pictures: that does not count, or segments would drift off the keys.
  const fromMs = Math.min(startMs, startMsOf(video.track, video.samples[0]!))
  const pictures = picturesBeforeCut(video, fromMs + segmentMs)
  if (pictures !== null) {
    const untilMs = picturesEndMs(video, pictures)
    const hasSound = !audio || isOver || audio.endMs >= untilMs
    const isSoundLate = video.endMs >= untilMs + trackLagMsMax || video.bytes > 2 * segmentBytes
    return hasSound || isSoundLate ? { pictures, packets: packetsBefore(audio, untilMs) } : null
  }
  const untilMs = Math.max(video.endMs, startMs + segmentMs)
  const hasPaused = audio !== null && audio.endMs > untilMs + trackLagMsMax
  if (!isOver && !hasPaused) return null
  const packets = isNearlyOver(waiting, untilMs) ? (audio?.samples.length ?? 0) : packetsBefore(audio, untilMs)
  return { pictures: video.samples.length, packets }
}

/** A short rest of sound goes into the segment before it. */
function isNearlyOver({ audio, isOver, startMs, segmentMs, segmentMsMax }: Waiting, untilMs: number): boolean {
  const endMs = audio?.endMs ?? 0
  return isOver && endMs < untilMs + segmentMs / 2 && endMs < startMs + segmentMsMax
}

/** How many packets start before a time; times are equal within a hundredth of a millisecond. */
function packetsBefore(audio: TrackQueue | null, untilMs: number): number {
  const first = audio?.samples.findIndex((sample) => startMsOf(audio.track, sample) >= untilMs - 0.01) ?? 0
  return first === -1 ? audio!.samples.length : first
}

/** How many pictures lie before the first key picture at which the segment may end; null when none has arrived. */
function picturesBeforeCut({ track, samples }: TrackQueue, targetMs: number): number | null {
  let bytes = 0
  for (const [index, sample] of samples.entries()) {
    const isEnough = startMsOf(track, sample) >= targetMs || bytes >= segmentBytes
    if (index > 0 && sample.isKey && isEnough) return index
    bytes += sample.bytes.length
  }
  return null
}

/** The end of the first `count` pictures: each lasts until the next one's decode time. */
function picturesEndMs({ track, samples }: TrackQueue, count: number): number {
  let endTicks = 0
  for (let index = 0; index < count; index++) {
    const sample = samples[index]!
    const nextTicks = samples[index + 1]!.decodeTicks
    endTicks = Math.max(endTicks, nextTicks + sample.compositionTicks)
  }
  return toMs(endTicks, track.timescale)
}
