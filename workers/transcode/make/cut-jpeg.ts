import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const startOfScan = 0xda
const endOfImage = Buffer.from([0xff, 0xd9])
/** Their one scan runs from the top to the bottom; of others (progressive ones) a cut makes all of the picture coarse. */
const sequentialFrames = new Set([0xc0, 0xc1])

/**
 * Whether the JPEG in the run directory's `in/` ends inside its scan, so that the lower part of the picture is missing: no
 * end of image follows the start of scan (ITU-T T.81 §B.1.1.2, §B.2.1). The caller knows that it does not decode to its end.
 */
export async function isCutJpeg(
  directory: string,
  { fileName, skipBytes }: { readonly fileName: string; readonly skipBytes: number },
): Promise<boolean> {
  const jpeg = (await readFile(join(directory, 'in', fileName))).subarray(skipBytes)
  let isSequential = false
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1]!
    if (sequentialFrames.has(marker)) isSequential = true
    // Inside a scan the byte 0xff is never followed by 0xd9 by chance.
    if (marker === startOfScan) return isSequential && jpeg.indexOf(endOfImage, at) === -1
  }
  return false
}
