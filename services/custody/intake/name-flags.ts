import type { ParsedName } from '../devices/name-profile.ts'

/** Whom the register names for a recording: the device that handed it in, and the numbers of the officer who holds it. */
export interface RegisteredSource {
  readonly deviceSerial: string
  readonly holder: { readonly officerNumber: string | null; readonly certificateNumber: string | null } | null
}

/**
 * Whether a parsed name speaks against the register: by its serial against the device, by its officer number against the
 * holder's (officer or certificate number). Nothing is compared with a number that nobody registered.
 */
export function nameContradicts(name: ParsedName, { deviceSerial, holder }: RegisteredSource): boolean {
  if (!isSame(name.serial, deviceSerial)) return true
  const known = [holder?.officerNumber, holder?.certificateNumber].filter((number) => typeof number === 'string')
  return known.length > 0 && !known.some((number) => isSame(name.officerNumber, number))
}

function isSame(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase()
}
