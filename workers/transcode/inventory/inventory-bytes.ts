import { canonicalBytes, type JsonValue } from '../../../services/ledger/format/canonical.ts'
import type { Inventory } from './inventory.ts'

export const inventoryBytesMax = 4 * 1024 * 1024
/** Gaps and standing pictures in all that fit beside everything else: one takes at most 45 bytes. */
const gapsInAllMax = 60_000
/** How many of each are kept of a track: the most that fit. */
const gapsKept = [10_000, 5000, 1000, 200, 50] as const

/**
 * The inventory as it is kept: canonical JSON (RFC 8785), at most 4 MiB. Of a larger one gaps are cut first, then tags;
 * `leftOut` says so. Pure.
 */
export function inventoryBytes(inventory: Inventory): Uint8Array {
  const fewer = withFewerGaps(inventory)
  const bytes = canonicalBytes(fewer as unknown as JsonValue)
  return bytes.length <= inventoryBytesMax ? bytes : canonicalBytes(withoutTags(fewer) as unknown as JsonValue)
}

function withFewerGaps(inventory: Inventory): Inventory {
  const inAll = (kept: number) =>
    inventory.tracks.reduce(
      (sum, { gaps, stands }) => sum + Math.min(gaps.length, kept) + Math.min(stands.length, kept),
      0,
    )
  const kept = gapsKept.find((limit) => inAll(limit) <= gapsInAllMax)!
  if (inventory.tracks.every(({ gaps, stands }) => gaps.length <= kept && stands.length <= kept)) return inventory
  const tracks = inventory.tracks.map((track) => ({
    ...track,
    gaps: track.gaps.slice(0, kept),
    stands: track.stands.slice(0, kept),
  }))
  const sentence = `gaps beyond the first ${kept} of a track, and pictures that stand long beyond as many: the inventory would be larger than 4 MiB`
  return { ...inventory, tracks, leftOut: [...inventory.leftOut, sentence] }
}

function withoutTags(inventory: Inventory): Inventory {
  const tracks = inventory.tracks.map((track) => ({ ...track, tags: {} }))
  const sentence = 'all tags: the inventory would be larger than 4 MiB'
  return { ...inventory, tracks, tags: {}, leftOut: [...inventory.leftOut, sentence] }
}
