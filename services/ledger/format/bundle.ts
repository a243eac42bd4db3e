import { malformed } from './strict.ts'
import { tileWidth } from './tiles.ts'

const entryBytesMax = 0xffff

/**
 * Writes entries as a bundle, or as the piece that an older bundle is continued by. c2sp.org/tlog-tiles: "Entry bundles are
 * sequences of big-endian uint16 length-prefixed log entries."
 *
 * @throws malformed for an entry of more than 65,535 bytes
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Buffer {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    if (entry.length > entryBytesMax) throw malformed(`an entry has at most ${entryBytesMax} bytes: ${entry.length}`)
    const prefix = Buffer.allocUnsafe(2)
    prefix.writeUInt16BE(entry.length)
    parts.push(prefix, entry)
  }
  return Buffer.concat(parts)
}

/**
 * Reads the entries of a bundle that is `width` wide, to the last byte.
 *
 * @throws malformed when a length runs past the end, or the number of entries is another
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Buffer[] {
  if (!Number.isSafeInteger(width) || width < 1 || width > tileWidth) {
    throw malformed(`an entry bundle is 1 to ${tileWidth} wide: ${width}`)
  }
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Buffer[] = []
  let offset = 0
  while (offset < bundle.length) {
    const start = offset + 2
    const end = start <= bundle.length ? start + bundle.readUInt16BE(offset) : Number.POSITIVE_INFINITY
    if (end > bundle.length) throw malformed(`entry ${entries.length} of the bundle runs past its end`)
    entries.push(bundle.subarray(start, end))
    offset = end
  }
  if (entries.length !== width) throw malformed(`the bundle holds ${entries.length} entries instead of ${width}`)
  return entries
}
