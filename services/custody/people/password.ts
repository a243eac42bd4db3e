import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Fault } from '../../foundation/errors.ts'
import { limitedRuns } from '../../foundation/limited-runs.ts'

const argon2Async = promisify(argon2)

/** Argon2id as OWASP's password storage sheet asks at least: 19 MiB, two passes, one lane. */
const memoryKib = 19_456
const passes = 2
const parallelism = 1
const tagBytes = 32

/** A process hashes two passwords at a time (40 MB, both processors of a small server); more than 200 do not wait. */
const inTurn = limitedRuns({
  runsMax: 2,
  waitingMax: 200,
  refusal: 'too many people are signing in at this moment: try again in a few seconds',
})

export const passwordCharactersMin = 12
export const passwordCharactersMax = 256

/** The hash of a password as a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive(password, { nonce, memory: memoryKib, passes, parallelism, tagLength: tagBytes })
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`
}

/** True when the password is the hash's. The parameters are read from the hash, so that they can be raised later. */
export async function passwordMatches(password: string, phc: string): Promise<boolean> {
  const parsed = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (!parsed) throw new Fault('internal', 'a stored password hash is not an argon2id string of version 19')
  const [, memory, time, lanes, nonce, tag] = parsed
  const expected = Buffer.from(tag!, 'base64')
  const actual = await derive(password, {
    nonce: Buffer.from(nonce!, 'base64'),
    memory: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

/**
 * A hash that no password has: an unknown account is compared with it, so that the answer takes as long as for a known
 * one and tells nobody which accounts exist.
 */
export const nobodysHash = `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(randomBytes(16))}$${base64(randomBytes(tagBytes))}`

/**
 * @throws bad_request naming the rule that a new password breaks.
 */
export function requireGoodPassword(password: string, forWhom: { account: string; old?: string }): void {
  const characters = [...password]
  if (characters.length < passwordCharactersMin || characters.length > passwordCharactersMax) {
    throw new Fault(
      'bad_request',
      `a password has ${passwordCharactersMin} to ${passwordCharactersMax} characters: this one has ${characters.length}`,
    )
  }
  if (new Set(characters).size < 6) {
    throw new Fault('bad_request', 'a password has at least 6 different characters')
  }
  if (password.toLowerCase().includes(forWhom.account.toLowerCase())) {
    throw new Fault('bad_request', 'a password does not contain the account name')
  }
  if (password === forWhom.old) throw new Fault('bad_request', 'the new password is the old one')
}

/** A first password to be handed over once: 100 bits, without letters that look alike. */
export function newFirstPassword(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
  const letters = Array.from(randomBytes(20), (byte) => alphabet[byte & 31]).join('')
  return letters.replace(/(.{5})(?=.)/g, '$1-')
}

interface Derivation {
  nonce: Buffer
  memory: number
  passes: number
  parallelism: number
  tagLength: number
}

function derive(password: string, parameters: Derivation): Promise<Buffer> {
  // NFC, so that the same word typed on two keyboards is the same password (RFC 8265 §4.2).
  const message = Buffer.from(password.normalize('NFC'))
  return inTurn(() => argon2Async('argon2id', { ...parameters, message }))
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
