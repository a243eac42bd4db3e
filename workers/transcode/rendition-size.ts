import { beyondLimit } from './not-playable.ts'

/** A remux is about as large as its original; what grows far beyond is made to fill disks, not to be seen. */
export function renditionBytesMax(originalBytes: number): number {
  return 512 * 1024 * 1024 + 4 * originalBytes
}

/** @throws bad_request when the files published so far are more than a rendition of this original may have. */
export function requireModest(bytes: number, originalBytes: number): void {
  const most = renditionBytesMax(originalBytes)
  if (bytes <= most) return
  throw beyondLimit(`its rendition grows beyond ${most} bytes, for an original of ${originalBytes}`)
}
