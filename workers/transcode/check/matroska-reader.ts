import { Fault } from '../../../services/foundation/errors.ts'

/** One packet out of a Matroska stream. */
export interface Block {
  /** Number of the stream, from 0, in the order in which ffmpeg was told to write them. */
  readonly stream: number
  readonly timeMs: number
  readonly bytes: Buffer
}

// Element numbers of the Matroska specification (RFC 9559, section 5.1).
const containers: ReadonlySet<number> = new Set([0x18538067, 0x1f43b675, 0xa0])
const clusterTimestamp = 0xe7
const simpleBlock = 0xa3
const block = 0xa1
const timestampBytesMax = 8
/** No packet of a small picture or of some milliseconds of sound is larger. */
const blockBytesMax = 16 * 1024 * 1024

/**
 * Takes the Matroska stream that ffmpeg writes to a pipe (milliseconds, no lacing) in pieces of any size, and gives its
 * packets one by one. It holds one packet in memory.
 *
 * @throws bad_request when the stream is not what ffmpeg writes
 */
export function matroskaReader(onBlock: (found: Block) => void): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let heldBytes = 0
  let neededBytes = 1
  let skippedBytes = 0
  let clusterMs = 0

  /** One element from the start of `bytes`: how far it goes, or how many bytes are needed to know. */
  const takeElement = (bytes: Buffer): { used: number } | { needed: number } => {
    const id = vint(bytes, 0, { keepsMarker: true })
    if (id === null) return { needed: bytes.length + 1 }
    const size = vint(bytes, id.end, { keepsMarker: false })
    if (size === null) return { needed: bytes.length + 1 }
    if (containers.has(id.value)) return { used: size.end }
    const isKept = id.value === clusterTimestamp || id.value === simpleBlock || id.value === block
    if (!isKept) {
      const here = Math.min(size.value, bytes.length - size.end)
      skippedBytes = size.value - here
      return { used: size.end + here }
    }
    const bytesMax = id.value === clusterTimestamp ? timestampBytesMax : blockBytesMax
    if (size.value > bytesMax) throw new Fault('bad_request', 'what was decoded for the check cannot be read')
    const end = size.end + size.value
    if (end > bytes.length) return { needed: end }
    const body = bytes.subarray(size.end, end)
    if (id.value === clusterTimestamp) clusterMs = body.length === 0 ? 0 : readLong(body)
    else onBlock(parseBlock(body, clusterMs))
    return { used: end }
  }

  return (chunk) => {
    let bytes = chunk
    if (skippedBytes > 0) {
      const here = Math.min(skippedBytes, bytes.length)
      skippedBytes -= here
      bytes = bytes.subarray(here)
    }
    if (bytes.length === 0) return
    held.push(bytes)
    heldBytes += bytes.length
    if (heldBytes < neededBytes) return
    let rest = held.length === 1 ? held[0]! : Buffer.concat(held)
    neededBytes = 1
    while (rest.length > 0) {
      const taken = takeElement(rest)
      if ('needed' in taken) {
        neededBytes = taken.needed
        break
      }
      rest = rest.subarray(taken.used)
    }
    held = rest.length > 0 ? [rest] : []
    heldBytes = rest.length
  }
}

/** A number whose first byte says how long it is; null when it is not all there. */
function vint(bytes: Buffer, at: number, how: { keepsMarker: boolean }): { value: number; end: number } | null {
  const first = bytes[at]
  if (first === undefined) return null
  const length = Math.clz32(first) - 23
  if (length > 8) throw new Fault('bad_request', 'what was decoded for the check cannot be read')
  if (at + length > bytes.length) return null
  let value = how.keepsMarker ? first : first & (0xff >> length)
  for (let next = 1; next < length; next++) value = value * 256 + bytes[at + next]!
  return { value, end: at + length }
}

function readLong(bytes: Buffer): number {
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return value
}

function parseBlock(body: Buffer, clusterMs: number): Block {
  const track = vint(body, 0, { keepsMarker: false })
  if (track === null || track.end + 3 > body.length) {
    throw new Fault('bad_request', 'what was decoded for the check cannot be read')
  }
  const timeMs = clusterMs + body.readInt16BE(track.end)
  return { stream: track.value - 1, timeMs, bytes: body.subarray(track.end + 3) }
}
