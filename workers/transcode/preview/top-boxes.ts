/** A box at the top level of an MP4 or MOV file (ISO/IEC 14496-12 §4.2), header included. */
export interface TopBox {
  readonly type: string
  readonly fromByte: number
  readonly toByte: number
}

/** The longest header without an extended type: length, type, and a length of 64 bits. */
export const boxHeaderBytes = 16

/**
 * The box whose header begins `header` and lies at `at` in the file. Pure.
 *
 * @returns null when it cannot be one: too short, or longer than the file
 */
export function topBox(header: Buffer, at: number, fileBytes: number): TopBox | null {
  if (header.length < 8) return null
  const type = header.toString('latin1', 4, 8)
  const short = header.readUInt32BE(0)
  if (short === 1 && header.length < boxHeaderBytes) return null
  // 1: the length is in the next 64 bits. 0: the box ends with the file.
  const bytes = short === 1 ? Number(header.readBigUInt64BE(8)) : short === 0 ? fileBytes - at : short
  if (bytes < 8 || bytes > fileBytes - at) return null
  return { type, fromByte: at, toByte: at + bytes }
}
