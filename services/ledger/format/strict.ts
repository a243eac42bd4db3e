import { Fault } from '../../foundation/errors.ts'

/**
 * The ledger's formats are read strictly: only what this code would have written is accepted, so that no two spellings of
 * one thing exist. These are the pieces that every reader needs.
 */

/** The error of everything that cannot be read: `what` names the format and what is wrong with it. */
export function malformed(what: string, cause?: unknown): Fault {
  return new Fault('malformed', what, { cause })
}

/** The error of everything that reads well but does not prove what it claims. */
export function unproven(what: string, cause?: unknown): Fault {
  return new Fault('unproven', what, { cause })
}

/**
 * Standard base64 with padding (RFC 4648 §4), canonical only: unused bits are zero, no spaces.
 *
 * @throws malformed
 */
export function readBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw malformed(`${what} is not base64`)
  return bytes
}

/**
 * A decimal number without sign or leading zeroes, at most 2^53 - 1.
 *
 * @throws malformed
 */
export function readDecimal(text: string, what: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || String(value) !== text) {
    throw malformed(`${what} is not a decimal number without leading zeroes`)
  }
  return value
}

/**
 * Guards a size or an index: a whole number of 0 to 2^53 - 1.
 *
 * @throws malformed
 */
export function checkCount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw malformed(`${what} is not a whole number: ${value}`)
}

/**
 * Guards the length of raw bytes.
 *
 * @throws malformed
 */
export function checkLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw malformed(`${what} has ${bytes.length} bytes instead of ${length}`)
}

/**
 * The last step of each reader: what was read, written again, must be what was given. Most readers refuse other spellings
 * before; this holds for those that nobody thought of.
 *
 * @throws malformed
 */
export function checkSpelling(written: string, given: string, what: string): void {
  if (written !== given) throw malformed(`${what} is not spelled as it must be`)
}
