import { open } from 'node:fs/promises'

const headerBytes = 16
/** A film has a handful of boxes, one in fragments some for each second. */
const boxesMax = 100_000

/**
 * What became of the index (`moov`) of an MP4 or QuickTime film, by the boxes at its top level (ISO/IEC 14496-12 §4.2): without
 * it no sample can be found. Null when it is there, so that something else is wrong, and when nothing follows the beginning
 * that is film at all.
 */
export async function missingIndexOf(path: string): Promise<'index_never_written' | 'index_cut_off' | null> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const header = Buffer.alloc(headerBytes)
    let hasMedia = false
    for (let at = 0, boxes = 0; at + 8 <= size && boxes < boxesMax; boxes++) {
      const { bytesRead } = await file.read(header, 0, headerBytes, at)
      const box = boxOf(header.subarray(0, bytesRead), size - at)
      if (box === null) break
      if (box.type === 'moov') return at + box.bytes > size ? 'index_cut_off' : null
      hasMedia ||= box.type === 'mdat'
      if (at + box.bytes > size) return hasMedia ? 'index_cut_off' : null
      at += box.bytes
    }
    return hasMedia ? 'index_never_written' : null
  } finally {
    await file.close()
  }
}

/** Null for what is no box: cameras write the length of the media last, so that bytes of it may stand where a box should. */
function boxOf(header: Buffer, leftBytes: number): { type: string; bytes: number } | null {
  const type = header.toString('latin1', 4, 8)
  const short = header.readUInt32BE(0)
  if (short === 1 && header.length < headerBytes) return null
  // 1: the length is in the next 64 bits. 0: the box ends with the file.
  const bytes = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? leftBytes : short
  return bytes < 8 || !/^[ -~©]{4}$/.test(type) ? null : { type, bytes }
}
