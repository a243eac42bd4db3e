/** NAL unit type of a slice of an IDR picture (ITU-T H.264 table 7-1). */
export const idrSlice = 5
const supplement = 6
/** Recovery point: supplemental enhancement information with this payload type (annex D.1.8). */
const recoveryPoint = 6

/**
 * Where decoding can begin: at an IDR picture nothing is needed of what came before; at a recovery point pictures that are
 * shown before it are. Null for other samples. Takes length-prefixed NAL units; what is broken ends the search. Pure.
 */
export function entryOf(bytes: Buffer, nalLengthBytes: number): 'idr' | 'recovery_point' | null {
  let isRecovery = false
  for (let at = 0; bytes.length - at > nalLengthBytes; ) {
    const from = at + nalLengthBytes
    at = from + bytes.readUIntBE(at, nalLengthBytes)
    const type = bytes[from]! & 0x1f
    if (type === idrSlice) return 'idr'
    if (type === supplement && isRecoveryPoint(bytes.subarray(from, at))) isRecovery = true
  }
  return isRecovery ? 'recovery_point' : null
}

/** Whether a SEI unit holds a recovery point among its messages (§7.3.2.3.1). */
function isRecoveryPoint(unit: Buffer): boolean {
  let at = 1
  const number = (): number => {
    let value = 0
    while (unit[at] === 0xff) {
      value += 255
      at++
    }
    return value + (unit[at++] ?? 0)
  }
  while (at < unit.length - 1) {
    const type = number()
    const length = number()
    if (type === recoveryPoint) return true
    at += length
  }
  return false
}
