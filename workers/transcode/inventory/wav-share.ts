import { open } from 'node:fs/promises'

/** Remarks of a studio recorder may stand before the sound; none is longer. */
const headBytes = 1024 * 1024
/** What a program writes as the length of the sound when it cannot go back to its header. */
const unknownLengths = [0, 0xffff_ffff]

/**
 * Which share of the sound that the header of a WAV states (RIFF or RF64; EBU Tech 3306) is in the file: 1 when all of it is, or
 * when the header states nothing. ffmpeg tells only what is there. All codings of a WAV have a constant rate.
 */
export async function wavShare(path: string): Promise<number> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const sound = statedSound(buffer.subarray(0, bytesRead))
    return sound ? Math.min(1, (size - sound.at) / sound.bytes) : 1
  } finally {
    await file.close()
  }
}

function statedSound(head: Buffer): { at: number; bytes: number } | null {
  let longBytes: number | null = null
  for (let at = 12; at + 8 <= head.length; ) {
    const type = head.toString('latin1', at, at + 4)
    const bytes = head.readUInt32LE(at + 4)
    if (type === 'data') {
      const soundBytes = longBytes ?? (unknownLengths.includes(bytes) ? 0 : bytes)
      return soundBytes > 0 ? { at: at + 8, bytes: soundBytes } : null
    }
    if (type === 'ds64' && at + 24 <= head.length) longBytes = Number(head.readBigUInt64LE(at + 16))
    at += 8 + bytes + (bytes % 2)
  }
  return null
}
