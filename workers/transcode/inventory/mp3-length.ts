import { open } from 'node:fs/promises'

const searchedBytes = 64 * 1024
const tagHeadBytes = 10
/** More tags before the sound are not passed over: a file may hold nothing else. */
const tagsMax = 16
/** Samples a second of MPEG-1 by the two bits of the frame's header; MPEG-2 has half of it, MPEG-2.5 a quarter. */
const ratesHz = [44_100, 48_000, 32_000]
/** Where `VBRI` stands, whatever the frame. */
const vbriAt = 36

/**
 * The length in ms that the first frame of an MP3 states: the number of its frames, which encoders write there (`Xing`,
 * `Info` or `VBRI`), times the samples of a frame (ISO 11172-3 §2.4.2.3, ISO 13818-3). ffmpeg forgets it where the file is
 * shorter. Null when nothing is stated.
 *
 * @param skipBytes what a device wrote before the file proper
 */
export async function mp3StatedMs(path: string, skipBytes: number): Promise<number | null> {
  const file = await open(path)
  const read = async (at: number, bytes: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
    return buffer.subarray(0, bytesRead)
  }
  try {
    let at = skipBytes
    for (let tags = 0; tags < tagsMax; tags++) {
      const tag = await read(at, tagHeadBytes)
      if (tag.toString('latin1', 0, 3) !== 'ID3') break
      at += tagBytes(tag)
    }
    return statedByFrame(await read(at, searchedBytes))
  } finally {
    await file.close()
  }
}

/** Its size is written in seven bits a byte (ID3v2.4 §3.1); a footer is as long as the head. */
function tagBytes(tag: Buffer): number {
  if (tag.length < tagHeadBytes) return tagHeadBytes
  const bytes = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (tag[at]! & 0x7f), 0)
  return tagHeadBytes + bytes + ((tag[5]! & 0x10) === 0 ? 0 : tagHeadBytes)
}

/** The first frame begins after at most some padding. */
function statedByFrame(bytes: Buffer): number | null {
  const at = bytes.findIndex((byte, at) => byte === 0xff && (bytes[at + 1] ?? 0) >= 0xe0)
  const frame = bytes.subarray(at)
  if (at < 0 || frame.length < vbriAt + 18) return null
  const [version, layer] = [(frame[1]! >> 3) & 3, (frame[1]! >> 1) & 3]
  const rateOfMpeg1 = ratesHz[(frame[2]! >> 2) & 3]
  const isLayer3 = layer === 1
  if (!isLayer3 || version === 1 || rateOfMpeg1 === undefined) return null
  const isMpeg1 = version === 3
  const isMono = frame[3]! >> 6 === 3
  const frames = framesIn(frame, 4 + sideBytes(isMpeg1, isMono))
  if (frames === 0) return null
  const rate = rateOfMpeg1 / (isMpeg1 ? 1 : version === 2 ? 2 : 4)
  return Math.round((frames * (isMpeg1 ? 1152 : 576) * 1000) / rate)
}

function sideBytes(isMpeg1: boolean, isMono: boolean): number {
  if (isMpeg1) return isMono ? 17 : 32
  return isMono ? 9 : 17
}

function framesIn(frame: Buffer, xingAt: number): number {
  const hasFrames = 1
  if (/^(Xing|Info)$/.test(frame.toString('latin1', xingAt, xingAt + 4))) {
    return (frame.readUInt32BE(xingAt + 4) & hasFrames) === 0 ? 0 : frame.readUInt32BE(xingAt + 8)
  }
  return frame.toString('latin1', vbriAt, vbriAt + 4) === 'VBRI' ? frame.readUInt32BE(vbriAt + 14) : 0
}
