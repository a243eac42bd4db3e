/** How long a packet of sound lasts by what it holds, which is not always what the container says of it. */
export interface SoundLengths {
  readonly note: (seconds: number | null, bytes: number) => void
  readonly lengthOf: (seconds: number | null, bytes: number) => number | null
}

/** Shorter ones are a codec's own irregular blocks. */
const stretchedSecondsMin = 0.1

/**
 * A camera that stops writing sound while its microphone is muted makes the packet before the pause last until the next
 * one: the container's length of it is then a multiple of what most packets have, and its bytes are too few for it. Such
 * a packet lasts as long as most do. (Larger packets of PCM have their bytes; a codec's smaller blocks are shorter.)
 */
export function soundLengths(): SoundLengths {
  let usual: number | null = null
  let votes = 0
  let seconds = 0
  let bytes = 0
  return {
    note(packetSeconds, packetBytes) {
      if (!packetSeconds) return
      const isUsual = usual !== null && Math.abs(packetSeconds - usual) < usual / 10
      if (!isUsual && votes > 0) {
        votes--
        return
      }
      if (!isUsual) {
        usual = packetSeconds
        seconds = 0
        bytes = 0
      }
      votes++
      seconds += packetSeconds
      bytes += packetBytes
    },
    lengthOf(packetSeconds, packetBytes) {
      if (!packetSeconds || usual === null) return usual
      const isLong = packetSeconds > Math.max(2 * usual, stretchedSecondsMin)
      return isLong && packetBytes / packetSeconds < bytes / seconds / 2 ? usual : packetSeconds
    },
  }
}
