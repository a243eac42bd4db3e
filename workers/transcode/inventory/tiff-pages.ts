import { open } from 'node:fs/promises'

const pagesMax = 10_000
const entriesMax = 1000
const orientationTag = 0x0112
/** Of whole and cut-down pictures that lie beside a page (bit 0: reduced resolution), which are none of their own. */
const subfileTag = 0x00fe

/**
 * How many pages a TIFF has, and the EXIF word for how its first lies (1…8), by its chain of directories (TIFF 6.0 §2, §8).
 * ffmpeg tells neither. One page that stands as it is where the chain is damaged.
 */
export async function tiffPages(path: string): Promise<{ readonly pages: number; readonly orientation: number }> {
  const file = await open(path)
  const read = async (at: number, bytes: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
    return bytesRead === bytes ? buffer : null
  }
  try {
    const head = await read(0, 8)
    const isLittle = head?.toString('latin1', 0, 2) === 'II'
    const u16 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
    const u32 = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
    let [pages, orientation] = [0, 1]
    const seen = new Set<number>()
    for (let at = head ? u32(head, 4) : 0; at > 0 && !seen.has(at) && seen.size < pagesMax; ) {
      seen.add(at)
      const count = await read(at, 2)
      const entries = count && u16(count, 0) <= entriesMax ? await read(at + 2, u16(count, 0) * 12 + 4) : null
      if (!entries) break
      const value = (tag: number, read: typeof u16) => {
        for (let entry = 0; entry + 12 < entries.length; entry += 12) {
          if (u16(entries, entry) === tag) return read(entries, entry + 8)
        }
        return null
      }
      if (pages === 0) orientation = value(orientationTag, u16) ?? 1
      if (((value(subfileTag, u32) ?? 0) & 1) === 0) pages++
      at = u32(entries, entries.length - 4)
    }
    return { pages: Math.max(1, pages), orientation }
  } finally {
    await file.close()
  }
}
