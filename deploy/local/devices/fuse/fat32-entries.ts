export interface FatNode {
  readonly firstCluster: number
  readonly kind: 'file' | 'folder'
  readonly name: Buffer
  readonly bytes: number
  readonly modifiedMs: number
  /** Where the entries of its name stand in the image, long name first. */
  readonly slots: readonly number[]
}

const entryBytes = 32
const attribute = { label: 0x08, folder: 0x10, longName: 0x0f } as const

/** The files and folders in the clusters of a folder, one after the other, `.`, `..` and the label left out. */
export function* readEntries(clusters: Iterable<{ bytes: Buffer; at: number }>): Generator<FatNode> {
  let long: { units: Buffer[]; slots: number[] } = { units: [], slots: [] }
  for (const { bytes, at } of clusters) {
    for (let offset = 0; offset < bytes.length; offset += entryBytes) {
      const entry = bytes.subarray(offset, offset + entryBytes)
      if (entry[0] === 0) return
      if (entry[0] === 0xe5) {
        long = { units: [], slots: [] }
      } else if (entry[11] === attribute.longName) {
        // The last part of a long name stands first.
        long.units.unshift(Buffer.concat([entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)]))
        long.slots.push(at + offset)
      } else {
        const node = nodeOf(entry, long, at + offset)
        long = { units: [], slots: [] }
        if (node) yield node
      }
    }
  }
}

function nodeOf(entry: Buffer, long: { units: Buffer[]; slots: number[] }, at: number): FatNode | null {
  const flags = entry[11]!
  if (flags & attribute.label || entry[0] === 0x2e) return null
  const isFolder = (flags & attribute.folder) !== 0
  return {
    firstCluster: (entry.readUInt16LE(20) << 16) | entry.readUInt16LE(26),
    kind: isFolder ? 'folder' : 'file',
    name: long.units.length > 0 ? longName(Buffer.concat(long.units)) : shortName(entry),
    bytes: isFolder ? 0 : entry.readUInt32LE(28),
    modifiedMs: timeOf(entry.readUInt16LE(24), entry.readUInt16LE(22)),
    slots: [...long.slots, at],
  }
}

/** UTF-16, ended by a NUL, as UTF-8: what Linux shows with `utf8`. */
function longName(units: Buffer): Buffer {
  const text = units.toString('utf16le')
  const end = text.indexOf('\0')
  return Buffer.from(end < 0 ? text : text.slice(0, end), 'utf8')
}

/** The bytes of an 8.3 name as the device wrote them: GBK on many. */
function shortName(entry: Buffer): Buffer {
  const trimmed = (part: Buffer) =>
    part.subarray(0, part.length - (/ *$/.exec(part.toString('latin1'))?.[0].length ?? 0))
  const stem = Buffer.from(trimmed(entry.subarray(0, 8)))
  if (stem[0] === 0x05) stem[0] = 0xe5
  const suffix = trimmed(entry.subarray(8, 11))
  return suffix.length > 0 ? Buffer.concat([stem, Buffer.from('.'), suffix]) : stem
}

/** FAT holds the device's own clock without a zone; here it is taken as UTC. A date that was never set is the first of 1980. */
function timeOf(date: number, time: number): number {
  const month = Math.max(1, (date >> 5) & 0xf)
  return Date.UTC(
    1980 + (date >> 9),
    month - 1,
    Math.max(1, date & 0x1f),
    time >> 11,
    (time >> 5) & 0x3f,
    (time & 0x1f) * 2,
  )
}
