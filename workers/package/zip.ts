import { crc32, deflateRawSync } from 'node:zlib'
import { Fault } from '../../services/foundation/errors.ts'

/** Takes a piece of the file; what it returns is waited for before the next. */
export type Write = (chunk: Uint8Array) => Promise<void> | void

export interface ZipWriter {
  /** A whole small file. */
  addBytes(name: string, bytes: Uint8Array, options: { deflate: boolean }): Promise<void>
  /** A stored file of any length. `bytes` is about how long it will be: from 2 GiB on its lengths take 64 bits. */
  addStream(name: string, chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<void>
  /** Writes the central directory. */
  close(): Promise<void>
}

interface Entry {
  readonly name: Buffer
  readonly flags: number
  readonly method: number
  readonly isWide: boolean
  readonly offset: number
  crc: number
  packedBytes: number
  bytes: number
}

const stored = 0
const deflated = 8
/** "Bit 3: … the fields crc-32, compressed size and uncompressed size are set to zero in the local header." */
const hasDescriptor = 0x0008
const unset32 = 0xffffffff
const unset16 = 0xffff
const versionPlain = 20
const versionWide = 45
const wideFromBytes = 2 ** 31

/**
 * Writes a zip file (PKWARE APPNOTE 6.3.10) as a stream: each file passes once, and what is only known behind it stands in a
 * data descriptor. Written here because libraries take CRC-32 and their copies of every chunk for as much processor time as
 * reading and sending the footage: with them the speed goal is out of reach.
 */
export function openZipWriter(write: Write, modifiedAt: Date): ZipWriter {
  const entries: Entry[] = []
  const time = dosTime(modifiedAt)
  let offset = 0
  const put = async (chunk: Uint8Array): Promise<void> => {
    offset += chunk.length
    await write(chunk)
  }
  const begin = (entry: Omit<Entry, 'offset' | 'name'> & { name: string }): Entry => {
    const begun = { ...entry, name: Buffer.from(entry.name, 'ascii'), offset }
    entries.push(begun)
    return begun
  }
  return {
    async addBytes(name, bytes, { deflate }) {
      const packed = deflate ? deflateRawSync(bytes) : bytes
      const sizes = { crc: crc32(bytes), packedBytes: packed.length, bytes: bytes.length }
      const entry = begin({ name, flags: 0, method: deflate ? deflated : stored, isWide: false, ...sizes })
      await put(localHeader(entry, time))
      await put(packed)
    },
    async addStream(name, chunks, expectedBytes) {
      const isWide = expectedBytes >= wideFromBytes
      const sizes = { crc: 0, packedBytes: 0, bytes: 0 }
      const entry = begin({ name, flags: hasDescriptor, method: stored, isWide, ...sizes })
      await put(localHeader(entry, time))
      for await (const chunk of chunks) {
        entry.crc = crc32(chunk, entry.crc)
        entry.bytes += chunk.length
        await put(chunk)
      }
      entry.packedBytes = entry.bytes
      if (!isWide && entry.bytes >= unset32) throw new Fault('internal', `${name} is longer than was said`)
      await put(descriptor(entry))
    },
    async close() {
      const begun = offset
      for (const entry of entries) await put(centralHeader(entry, time))
      await put(endRecords({ count: entries.length, bytes: offset - begun, offset: begun }))
    },
  }
}

/** APPNOTE 4.3.7. With a descriptor, crc and sizes are zero: in a wide entry those of the zip64 field (4.5.3). */
function localHeader(entry: Entry, time: number): Buffer {
  const extra = entry.isWide ? wideField([0, 0]) : Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(entry.isWide ? versionWide : versionPlain, 4)
  header.writeUInt16LE(entry.flags, 6)
  header.writeUInt16LE(entry.method, 8)
  header.writeUInt32LE(time, 10)
  header.writeUInt32LE(entry.crc, 14)
  header.writeUInt32LE(entry.isWide ? unset32 : entry.packedBytes, 18)
  header.writeUInt32LE(entry.isWide ? unset32 : entry.bytes, 22)
  header.writeUInt16LE(entry.name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, entry.name, extra])
}

/** APPNOTE 4.3.9: sizes are of 8 bytes when the local header has a zip64 field. */
function descriptor(entry: Entry): Buffer {
  const bytes = Buffer.alloc(entry.isWide ? 24 : 16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(entry.crc, 4)
  if (entry.isWide) {
    bytes.writeBigUInt64LE(BigInt(entry.packedBytes), 8)
    bytes.writeBigUInt64LE(BigInt(entry.bytes), 16)
  } else {
    bytes.writeUInt32LE(entry.packedBytes, 8)
    bytes.writeUInt32LE(entry.bytes, 12)
  }
  return bytes
}

/** APPNOTE 4.3.12. Numbers that are all ones here stand in the zip64 field, in the order of 4.5.3. */
function centralHeader(entry: Entry, time: number): Buffer {
  const isFar = entry.offset >= unset32
  const wide = [...(entry.isWide ? [entry.bytes, entry.packedBytes] : []), ...(isFar ? [entry.offset] : [])]
  const extra = wide.length > 0 ? wideField(wide) : Buffer.alloc(0)
  const version = wide.length > 0 ? versionWide : versionPlain
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(version, 4)
  header.writeUInt16LE(version, 6)
  header.writeUInt16LE(entry.flags, 8)
  header.writeUInt16LE(entry.method, 10)
  header.writeUInt32LE(time, 12)
  header.writeUInt32LE(entry.crc, 16)
  header.writeUInt32LE(entry.isWide ? unset32 : entry.packedBytes, 20)
  header.writeUInt32LE(entry.isWide ? unset32 : entry.bytes, 24)
  header.writeUInt16LE(entry.name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(isFar ? unset32 : entry.offset, 42)
  return Buffer.concat([header, entry.name, extra])
}

/** APPNOTE 4.3.14 to 4.3.16: the zip64 records stand before the end record where it cannot hold the numbers. */
function endRecords(directory: { count: number; bytes: number; offset: number }): Buffer {
  const { count, bytes, offset } = directory
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, unset16), 8)
  end.writeUInt16LE(Math.min(count, unset16), 10)
  end.writeUInt32LE(Math.min(bytes, unset32), 12)
  end.writeUInt32LE(Math.min(offset, unset32), 16)
  if (count < unset16 && bytes < unset32 && offset < unset32) return end
  const wide = Buffer.alloc(56)
  wide.writeUInt32LE(0x06064b50, 0)
  wide.writeBigUInt64LE(44n, 4)
  wide.writeUInt16LE(versionWide, 12)
  wide.writeUInt16LE(versionWide, 14)
  wide.writeBigUInt64LE(BigInt(count), 24)
  wide.writeBigUInt64LE(BigInt(count), 32)
  wide.writeBigUInt64LE(BigInt(bytes), 40)
  wide.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([wide, locator, end])
}

function wideField(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8 * numbers.length, 2)
  for (const [at, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * at)
  return field
}

/** Two seconds fine, without a zone: written in UTC, so that it is the same wherever it is made. */
function dosTime(at: Date): number {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  return ((date << 16) | time) >>> 0
}
