import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 32 letters and digits without 0, O, 1, l and I: five bits each. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A one-time code of 80 random bits, as `K7QM-2XWT-9HDR-VP4C`. */
export function newOneTimeCode(): string {
  const letters = Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** What is stored of a code. It is as random as a key, so that a plain digest is enough. Blanks, hyphens and case do not count. */
export function oneTimeCodeHash(code: string): Buffer {
  return hash('sha256', code.replace(/[\s-]/g, '').toUpperCase(), 'buffer')
}

export function oneTimeCodeMatches(code: string, stored: Buffer): boolean {
  return timingSafeEqual(oneTimeCodeHash(code), stored)
}
