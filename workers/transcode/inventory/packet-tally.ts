import { keyFrameTally, type TalliedKeyFrames } from './key-frame-tally.ts'
import { soundLengths } from './packet-length.ts'
import type { ListedPacket } from './report-lines.ts'
import { type Along, timeLine } from './time-line.ts'

/** What the packets of one stream say of it; times in seconds of the file's own time stamps. */
export interface Tallied extends Along, TalliedKeyFrames {
  readonly packets: number
  readonly discardedPackets: number
  readonly bytes: number
  readonly jumpsBack: number
}

/** Adds one stream's packets up, in the file's order and in flat memory. */
export interface PacketTally {
  readonly add: (packet: ListedPacket) => void
  readonly result: () => Tallied
}

/** H.264 and HEVC reorder at most 16 pictures. */
const reorderedMax = 16
const jumpBackSeconds = 1

interface Span {
  readonly start: number
  readonly seconds: number | null
  readonly bytes: number
  readonly isSound: boolean
}

/**
 * Where a stream's clock steps back, its packets are taken to follow at once, as ffmpeg plays them. The streams of a file
 * step back together: `steps` is what is added to the time stamps after each step, by whichever stream came to it first.
 */
export function packetTally(steps: number[] = []): PacketTally {
  const keys = keyFrameTally()
  const line = timeLine()
  const lengths = soundLengths()
  const waiting: Span[] = []
  let packets = 0
  let discardedPackets = 0
  let bytes = 0
  let nextTime = 0
  let lastDts: number | null = null
  let nextDts = 0
  let added = 0
  let jumpsBack = 0

  const settleFirst = (): void => {
    const { start, seconds, bytes: spanBytes, isSound } = waiting.shift()!
    const length = isSound ? lengths.lengthOf(seconds, spanBytes) : seconds
    line.add(start, length, waiting[0]?.start ?? null)
  }
  /** A step back in time begins anew: between before and after there is no pause that could be measured. */
  const noteTime = (dts: number, seconds: number | null): void => {
    if (lastDts !== null && dts < lastDts - jumpBackSeconds) {
      steps[jumpsBack] ??= nextDts - dts
      added = steps[jumpsBack]!
      jumpsBack++
      while (waiting.length > 0) settleFirst()
      line.breakOff()
    }
    lastDts = dts
    nextDts = dts + added + (seconds ?? 0)
  }

  return {
    add(packet) {
      bytes += packet.bytes
      const { pts, dts, durationSeconds: seconds, isSound } = packet
      const stamp = pts ?? dts
      if (!packet.isDiscarded) noteTime(dts ?? stamp ?? nextTime - added, seconds)
      const time = stamp === null ? nextTime : stamp + added
      nextTime = time + (seconds ?? 0)
      if (packet.isDiscarded) {
        discardedPackets++
        return
      }
      packets++
      if (isSound) lengths.note(seconds, packet.bytes)
      insert(waiting, { start: time, seconds, bytes: packet.bytes, isSound })
      if (waiting.length > reorderedMax) settleFirst()
      if (packet.isKey) keys.add(time)
    },
    result() {
      while (waiting.length > 0) settleFirst()
      const along = line.result()
      return { packets, discardedPackets, bytes, jumpsBack, ...along, ...keys.result(along.end) }
    },
  }
}

/** Keeps the list in ascending order; a new one nearly always belongs at its end. */
function insert(spans: Span[], span: Span): void {
  let at = spans.length
  while (at > 0 && spans[at - 1]!.start > span.start) at--
  spans.splice(at, 0, span)
}
