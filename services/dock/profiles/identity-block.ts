/**
 * The 89 bytes in which recorders after GA/T 947 say whose they are: serial 7, officer number 6, officer name 32, unit number
 * 12, unit name 32, each GBK, filled up with NUL or blanks. Each null where nothing readable stands.
 */
export interface IdentityBlock {
  readonly serial: string | null
  readonly officerNumber: string | null
  readonly officerName: string | null
  readonly unitNumber: string | null
  readonly unitName: string | null
}

export const identityBlockBytes = 89

const widths = { serial: 7, officerNumber: 6, officerName: 32, unitNumber: 12, unitName: 32 } as const

/** Reads a block; null when there are not 89 bytes or none of them says anything. */
export function readIdentityBlock(bytes: Uint8Array): IdentityBlock | null {
  if (bytes.length < identityBlockBytes) return null
  let offset = 0
  const next = (width: number): Uint8Array => {
    offset += width
    return bytes.subarray(offset - width, offset)
  }
  const block: IdentityBlock = {
    serial: codeOf(next(widths.serial)),
    officerNumber: codeOf(next(widths.officerNumber)),
    officerName: wordsOf(next(widths.officerName)),
    unitNumber: codeOf(next(widths.unitNumber)),
    unitName: wordsOf(next(widths.unitName)),
  }
  return Object.values(block).some((value) => value !== null) ? block : null
}

/** A number or serial: letters and digits only. Anything else is a block that was never written, or somebody's trick. */
function codeOf(field: Uint8Array): string | null {
  const text = Buffer.from(untilNul(field)).toString('latin1').trim()
  return /^[0-9A-Za-z]+$/.test(text) ? text : null
}

/** A name in GBK; one cut in the middle of a character loses that character only. */
function wordsOf(field: Uint8Array): string | null {
  const bytes = untilNul(field)
  for (const cut of [0, 1]) {
    const text = decoded(bytes.subarray(0, bytes.length - cut))
    if (text !== null) return text.trim() === '' ? null : text.trim()
  }
  return null
}

function untilNul(field: Uint8Array): Uint8Array {
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

function decoded(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('gbk', { fatal: true }).decode(bytes)
    return /[\p{Cc}\p{Co}\p{Cn}]/u.test(text) ? null : text
  } catch {
    return null // not GBK
  }
}
