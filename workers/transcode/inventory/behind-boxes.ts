import { type FileHandle, open } from 'node:fs/promises'

const headBytes = 8
const longHeadBytes = 16
/** A film that is written in fragments has two boxes for each. */
const boxesMax = 1_000_000
/** Only of these is it believed that they are cut off; of others a length beyond the end of the file is chance. */
const knownTypes = /^(ftyp|moov|mdat|moof|mfra|sidx|styp|free|skip|wide|udta|uuid|meta)$/
const comparedBytes = 1024 * 1024

/**
 * What lies behind the last box of an MP4 or QuickTime film (ISO 14496-12 §4.2), as a sentence of an inventory; null when there
 * is nothing. A film that ends inside a box has nothing behind it.
 *
 * @param skipBytes what a device wrote before the film
 */
export async function bytesBehindBoxes(path: string, skipBytes: number): Promise<string | null> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const at = await endOfBoxes(file, skipBytes, size)
    if (at === null || at >= size) return null
    const what = (await isZeros(file, at, size)) ? 'zero bytes' : 'bytes'
    return `${(size - at).toLocaleString('en')} ${what} behind the end of the film, of no known box`
  } finally {
    await file.close()
  }
}

/** Null when the film ends inside a box, or no box can be found. */
async function endOfBoxes(file: FileHandle, from: number, size: number): Promise<number | null> {
  let at = from
  for (let boxes = 0; at < size && boxes < boxesMax; boxes++) {
    const { buffer: head, bytesRead } = await file.read(Buffer.alloc(longHeadBytes), 0, longHeadBytes, at)
    const bytes = boxBytes(head.subarray(0, bytesRead), size - at)
    const isCut = bytes !== null && bytes > size - at
    if (isCut && knownTypes.test(typeOf(head))) return null
    if (bytes === null || isCut) return boxes === 0 ? null : at
    at += bytes
  }
  return at < size ? null : at
}

function typeOf(head: Buffer): string {
  return head.toString('latin1', 4, headBytes)
}

/** Null for what is no box. */
function boxBytes(head: Buffer, left: number): number | null {
  if (head.length < headBytes || !/^[\x20-\x7e\xa9][\x20-\x7e]{3}$/.test(typeOf(head))) return null
  const bytes = head.readUInt32BE(0)
  // It reaches to the end of the file.
  if (bytes === 0) return left
  if (bytes >= headBytes) return bytes
  if (bytes !== 1 || head.length < longHeadBytes) return null
  const long = Number(head.readBigUInt64BE(8))
  return long >= longHeadBytes ? long : null
}

async function isZeros(file: FileHandle, from: number, size: number): Promise<boolean> {
  const zeros = Buffer.alloc(comparedBytes)
  const buffer = Buffer.alloc(comparedBytes)
  for (let at = from; at < size; at += comparedBytes) {
    const { bytesRead } = await file.read(buffer, 0, comparedBytes, at)
    if (!buffer.subarray(0, bytesRead).equals(zeros.subarray(0, bytesRead))) return false
  }
  return true
}
