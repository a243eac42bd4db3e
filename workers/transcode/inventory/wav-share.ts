import { open } from 'node:fs/promises'
import { tagsBefore } from '../sniff/sound-frames.ts'

/** Remarks of a studio recorder may stand before the sound; none is longer. */
const headBytes = 1024 * 1024
/**
 * A program that cannot go back to its header, as when it writes to a pipe, writes one of the largest numbers for a length, or
 * that less what stands before the sound: sox 0x7ffff000, arecord 0x7fffff00, others 0xffffffff. Some leave 0.
 */
const unknownLengths = [
  { from: 0, to: 0 },
  { from: 0x7fff_0000, to: 0x8000_ffff },
  { from: 0xffff_0000, to: 0xffff_ffff },
] as const

/**
 * Which share of the sound that the header of a WAV states (RIFF, RF64 or BW64; EBU Tech 3306) is in the file: 1 when all of
 * it is, null when the header states nothing. ffmpeg tells only what is there. All codings of a WAV have a constant rate.
 * `skipBytes` is what a device wrote before the WAV; tags before it are passed over, as by ffmpeg.
 */
export async function wavShare(path: string, skipBytes: number): Promise<number | null> {
  const file = await open(path)
  const read = async (at: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, at)
    return buffer.subarray(0, bytesRead)
  }
  try {
    const { size } = await file.stat()
    const first = await read(skipBytes)
    const tagBytes = tagsBefore(first)
    const from = skipBytes + tagBytes
    const sound = statedSound(tagBytes > 0 ? await read(from) : first)
    if (sound === null) return null
    const presentBytes = size - from - sound.at
    return isUnknown(sound.bytes) && presentBytes < sound.bytes ? null : Math.min(1, presentBytes / sound.bytes)
  } finally {
    await file.close()
  }
}

/** Where the sound begins, and how long it is by the header. */
function statedSound(head: Buffer): { at: number; bytes: number } | null {
  if (!/^(RIFF|RF64|BW64)$/.test(head.toString('latin1', 0, 4)) || head.length < 12) return null
  const riffBytes = head.readUInt32LE(4)
  let longBytes: number | null = null
  for (let at = 12; at + 8 <= head.length; ) {
    const type = head.toString('latin1', at, at + 4)
    const bytes = head.readUInt32LE(at + 4)
    if (type === 'data') {
      const soundBytes = longBytes ?? withinRiff(bytes, riffBytes, at)
      return soundBytes > 0 ? { at: at + 8, bytes: soundBytes } : null
    }
    if (type === 'ds64' && at + 24 <= head.length) longBytes = Number(head.readBigUInt64LE(at + 16))
    at += 8 + bytes + (bytes % 2)
  }
  return null
}

/** The sound cannot be longer than the whole: of two lengths that contradict each other, the longer one is damaged. */
function withinRiff(bytes: number, riffBytes: number, at: number): number {
  return isUnknown(riffBytes) ? bytes : Math.min(bytes, riffBytes - at)
}

function isUnknown(bytes: number): boolean {
  return unknownLengths.some(({ from, to }) => bytes >= from && bytes <= to)
}
