import { open } from 'node:fs/promises'

const placesMax = 48
const placeBytes = 204 * 256
const packetSizes = [188, 192, 204] as const
const syncByte = 0x47
/** Damage sets these bits now and then; a scrambled stream sets them nearly everywhere. */
const shareMin = 0.5

/**
 * The packet identifiers of a transport stream whose payload is scrambled (ISO 13818-1, transport_scrambling_control), by
 * samples spread over the file. Only header bits are read.
 */
export async function scrambledPids(path: string): Promise<ReadonlySet<number>> {
  const seen = new Map<number, { packets: number; scrambled: number }>()
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(placeBytes)
    const places = Math.min(placesMax, Math.ceil(size / placeBytes))
    for (let place = 0; place < places; place++) {
      const at = Math.floor((place * Math.max(0, size - placeBytes)) / Math.max(1, places - 1))
      const { bytesRead } = await file.read(bytes, 0, placeBytes, at)
      countScrambled(bytes.subarray(0, bytesRead), seen)
    }
  } finally {
    await file.close()
  }
  const pids = [...seen].filter(([, { packets, scrambled }]) => scrambled >= 2 && scrambled / packets >= shareMin)
  return new Set(pids.map(([pid]) => pid))
}

function countScrambled(bytes: Buffer, seen: Map<number, { packets: number; scrambled: number }>): void {
  const found = firstPacket(bytes)
  if (!found) return
  for (let at = found.at; at + 4 <= bytes.length; at += found.size) {
    const header = bytes.readUInt32BE(at)
    const hasPayload = (header & 0x10) !== 0
    if (header >>> 24 !== syncByte || !hasPayload) continue
    const pid = (header >>> 8) & 0x1fff
    const count = seen.get(pid) ?? { packets: 0, scrambled: 0 }
    count.packets++
    if ((header & 0x80) !== 0) count.scrambled++
    seen.set(pid, count)
  }
}

function firstPacket(bytes: Buffer): { at: number; size: number } | null {
  for (let at = bytes.indexOf(syncByte); at >= 0 && at < 1024; at = bytes.indexOf(syncByte, at + 1)) {
    const size = packetSizes.find((step) => [1, 2, 3, 4].every((n) => bytes[at + n * step] === syncByte))
    if (size) return { at, size }
  }
  return null
}
