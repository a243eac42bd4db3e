import type { InventorySummary } from '../../../services/custody/events/inventory-summary.ts'
import { canonicalBytes } from '../../../services/ledger/format/canonical.ts'
import type { Inventory, InventoryTrack } from './inventory.ts'

/** The event is at most 16 KiB; what stands beside the summary takes less than two. */
export const summaryBytesMax = 14 * 1024
const nameCharsMax = 100
const valueCharsMax = 200
/**
 * How many of each are kept: the first of these that fits. A character takes up to six bytes in JSON, so that names of all
 * sorts may take more than half of it; without any of them it fits whatever the file says.
 */
const keeps = [
  { tracks: 64, gaps: 100, clocks: 16, leftOut: 16 },
  { tracks: 64, gaps: 50, clocks: 8, leftOut: 8 },
  { tracks: 64, gaps: 20, clocks: 4, leftOut: 4 },
  { tracks: 48, gaps: 10, clocks: 2, leftOut: 2 },
  { tracks: 32, gaps: 0, clocks: 2, leftOut: 2 },
  { tracks: 16, gaps: 0, clocks: 1, leftOut: 1 },
] as const

/** The inventory in short, at most 14 KiB in canonical form; its `…InAll` say how many there are of what it cuts. Pure. */
export function summaryOf(inventory: Inventory): InventorySummary {
  for (const keep of keeps) {
    const summary = cutTo(inventory, keep)
    if (canonicalBytes(summary).length <= summaryBytesMax) return summary
  }
  // The counts alone.
  return cutTo(inventory, { tracks: 0, gaps: 0, clocks: 0, leftOut: 0 })
}

interface Keep {
  readonly tracks: number
  readonly gaps: number
  readonly clocks: number
  readonly leftOut: number
}

function cutTo(inventory: Inventory, keep: Keep): InventorySummary {
  const gaps = inventory.tracks.flatMap((track) =>
    track.gaps.slice(0, keep.gaps).map((gap) => ({ stream: track.stream, ...gap })),
  )
  const clocks = Object.entries(inventory.clocks)
  return {
    tracks: inventory.tracks.slice(0, keep.tracks).map(trackInShort),
    tracksInAll: inventory.tracks.length,
    statedMs: inventory.statedMs,
    foundMs: inventory.foundMs,
    gaps: gaps.slice(0, keep.gaps),
    gapsInAll: inventory.tracks.reduce((sum, track) => sum + track.gaps.length, 0),
    clocks: clocks
      .slice(0, keep.clocks)
      .map(([name, value]) => ({ name: short(name, nameCharsMax), value: short(value, valueCharsMax) })),
    clocksInAll: clocks.length,
    leftOut: inventory.leftOut.slice(0, keep.leftOut).map((sentence) => short(sentence, valueCharsMax)),
    leftOutInAll: inventory.leftOut.length,
  }
}

function trackInShort(track: InventoryTrack): InventorySummary['tracks'][number] {
  const { stream, kind, codec, firstMs, endMs, packets, picture, sound } = track
  return {
    ...{ stream, kind, firstMs, endMs, packets },
    codec: codec && short(codec, 32),
    encrypted: track.isEncrypted,
    picture: picture && { width: picture.width, height: picture.height, rotation: picture.rotation },
    sound: sound && { channels: sound.channels, sampleRate: sound.sampleRate },
  }
}

function short(text: string, charsMax: number): string {
  return text.slice(0, charsMax).toWellFormed()
}
