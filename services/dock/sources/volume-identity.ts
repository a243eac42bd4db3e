import { open } from 'node:fs/promises'

export interface VolumeIdentity {
  /** As blkid writes it: `6BEA-F925` for FAT and exFAT, 16 digits for NTFS. */
  readonly uuid: string | null
  readonly label: string | null
}

const unknown: VolumeIdentity = { uuid: null, label: null }
const headBytes = 4096

/**
 * Serial number and label from the first sectors of a device or image. Unknown where it is no file system of a card, or where
 * this process may not read the device: a volume without them is still a volume.
 */
export async function readVolumeIdentity(device: string): Promise<VolumeIdentity> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(device, 'r')
  } catch {
    return unknown
  }
  try {
    const read = async (at: number, length: number) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
      return buffer.subarray(0, bytesRead)
    }
    const head = await read(0, headBytes)
    return head.length < 512 ? unknown : await identityOf(head, read)
  } catch {
    return unknown // a folder, or a device that dies: whoever reads its files hears of it
  } finally {
    await file.close()
  }
}

async function identityOf(
  head: Buffer,
  read: (at: number, length: number) => Promise<Buffer>,
): Promise<VolumeIdentity> {
  const says = (text: string, at: number) => head.toString('latin1', at, at + text.length) === text
  if (says('EXFAT   ', 3)) return { uuid: dosSerial(head.readUInt32LE(100)), label: await exfatLabel(head, read) }
  if (says('NTFS    ', 3)) {
    return { uuid: head.readBigUInt64LE(72).toString(16).toUpperCase().padStart(16, '0'), label: null }
  }
  if (says('FAT32   ', 82)) return { uuid: dosSerial(head.readUInt32LE(67)), label: fatLabel(head.subarray(71, 82)) }
  if (says('FAT1', 54)) return { uuid: dosSerial(head.readUInt32LE(39)), label: fatLabel(head.subarray(43, 54)) }
  return unknown
}

/** Numbers that stand on every card that some program has made or copied: they name none. */
export function namesVolume(uuid: string): boolean {
  return !/^(?:[0-]+|[Ff-]+)$/.test(uuid)
}

function dosSerial(serial: number): string {
  const digits = serial.toString(16).toUpperCase().padStart(8, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4)}`
}

function fatLabel(raw: Buffer): string | null {
  const text = raw.toString('latin1').trimEnd()
  return text === '' || text === 'NO NAME' ? null : text
}

/** The entry 0x83 of the root folder's first cluster (exFAT specification 7.3): a length, then UTF-16. */
async function exfatLabel(head: Buffer, read: (at: number, length: number) => Promise<Buffer>): Promise<string | null> {
  const sectorBytes = 2 ** Math.min(head[108]!, 12)
  const clusterSectors = 2 ** Math.min(head[109]!, 25)
  const rootAt = (head.readUInt32LE(88) + (head.readUInt32LE(96) - 2) * clusterSectors) * sectorBytes
  const entries = await read(rootAt, headBytes)
  for (let at = 0; at + 32 <= entries.length; at += 32) {
    if (entries[at] !== 0x83) continue
    const text = entries.toString('utf16le', at + 2, at + 2 + 2 * Math.min(entries[at + 1]!, 11))
    return text === '' ? null : text
  }
  return null
}
