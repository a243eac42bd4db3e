import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a zip file; what is named after `data` makes it lie. */
export interface ZipEntry {
  readonly name: string
  readonly data: Buffer
  readonly method?: number
  readonly flags?: number
  readonly crc?: number
  readonly size?: number
  /** The name that the local header says. */
  readonly localName?: string
  /** Points at the data of the entry before. */
  readonly shared?: boolean
  /** External file attributes, of Unix in the upper half. */
  readonly attributes?: number
  /** Bytes before its local header. */
  readonly before?: Buffer
  /** Extra field of its record in the central directory. */
  readonly extra?: Buffer
}

/** Writes a zip file to the letter, wrong letters included; no writer of others would. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let [offset, previous] = [0, 0]
  for (const entry of entries) {
    const { name, data, method = 8, flags = 0, crc = crc32(data), size = data.length } = entry
    const content = method === 8 ? deflateRawSync(data) : data
    const header = (rawName: Buffer) => {
      const bytes = Buffer.alloc(26)
      bytes.writeUInt16LE(20, 0)
      bytes.writeUInt16LE(flags | 0x0800, 2)
      bytes.writeUInt16LE(method, 4)
      bytes.writeUInt32LE(0x21_0000, 6)
      bytes.writeUInt32LE(crc, 10)
      bytes.writeUInt32LE(content.length, 14)
      bytes.writeUInt32LE(size, 18)
      bytes.writeUInt16LE(rawName.length, 22)
      return bytes
    }
    const [centralName, localName] = [Buffer.from(name), Buffer.from(entry.localName ?? name)]
    const { before = Buffer.alloc(0), extra = Buffer.alloc(0), attributes = 0 } = entry
    const at = entry.shared ? previous : offset + before.length
    const described = header(centralName)
    described.writeUInt16LE(extra.length, 24)
    directory.push(central(described, Buffer.concat([centralName, extra]), at, attributes))
    if (entry.shared) continue
    parts.push(before)
    offset += before.length
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header(localName), localName, content])
    parts.push(local)
    previous = offset
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listing, end])
}

function central(header: Buffer, nameAndExtra: Buffer, offset: number, attributes: number): Buffer {
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(attributes >>> 0, 6)
  tail.writeUInt32LE(offset, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), header, tail, nameAndExtra])
}
