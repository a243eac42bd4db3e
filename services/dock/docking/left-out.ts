import type { LeftOut, SeenFile, Volume } from '../sources/source.ts'

/** Logs, firmware, thumbnails: what a device has besides its footage, where its profile says nothing. */
const otherBytesUsual = 256 * 1024 * 1024

/**
 * What lies on a volume and not on its list, when that is more than such a device usually has: footage may be hidden among it.
 * The bytes are those that the file system says are used, also where no folder names them. Null: nothing unusual, or nobody
 * can say.
 */
export function muchLeftOut(volume: Volume, seen: readonly SeenFile[]): LeftOut | null {
  const counted = volume.leftOut?.() ?? null
  if (counted === null) return null
  const listed = seen.reduce((sum, { bytes }) => sum + bytes, 0)
  const bytes = Math.max(counted.bytes, volume.sizeBytes - volume.freeBytes - listed)
  return bytes > (volume.otherBytesMax ?? otherBytesUsual) ? { files: counted.files, bytes } : null
}
