import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const startOfScan = 0xda
const endOfImage = Buffer.from([0xff, 0xd9])
/** Their one scan runs from the top to the bottom; of others (progressive ones) a cut makes all of the picture coarse. */
const sequentialFrames = new Set([0xc0, 0xc1])
/** Marker segments before the scan: a camera writes some twenty. */
const segmentsMax = 1000

/**
 * Whether a JPEG ends inside its scan, so that the lower part of the picture is missing: no end of image follows the start of
 * scan (ITU-T T.81 §B.1.1.2, §B.2.1). The caller knows that it does not decode to its end. Memory is flat: what begins as a
 * JPEG may be of any size.
 *
 * @param skipBytes what a device wrote before the picture
 */
export async function isCutJpeg(path: string, skipBytes: number): Promise<boolean> {
  const scanAt = await sequentialScanAt(path, skipBytes)
  if (scanAt === null) return false
  let last = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { start: scanAt }) as AsyncIterable<Buffer>) {
    // Inside a scan the byte 0xff is never followed by 0xd9 by chance.
    if (chunk.includes(endOfImage) || Buffer.concat([last, chunk.subarray(0, 1)]).equals(endOfImage)) return false
    last = Buffer.from(chunk.subarray(-1))
  }
  return true
}

/** Where the scan of a JPEG begins that has only one, from its top to its bottom; null when there is none. */
async function sequentialScanAt(path: string, skipBytes: number): Promise<number | null> {
  const file = await open(path)
  try {
    let isSequential = false
    let at = skipBytes + 2
    for (let segments = 0; segments < segmentsMax; segments++) {
      const head = await segmentHead(file, at)
      if (head === null) return null
      if (sequentialFrames.has(head.marker)) isSequential = true
      if (head.marker === startOfScan) return isSequential ? at : null
      at += 2 + head.bytes
    }
    return null
  } finally {
    await file.close()
  }
}

/** Null for what is no marker segment. */
async function segmentHead(file: FileHandle, at: number): Promise<{ marker: number; bytes: number } | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, at)
  return bytesRead === 4 && buffer[0] === 0xff ? { marker: buffer[1]!, bytes: buffer.readUInt16BE(2) } : null
}
