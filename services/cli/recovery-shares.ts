import { readFile } from 'node:fs/promises'
import { bech32 } from '@scure/base'
import { identityToRecipient } from 'age-encryption'
import { combine, split } from 'shamir-secret-sharing'
import { Fault } from '../foundation/errors.ts'
import { parseShare, type RecoveryShare } from './recovery-share.ts'

const prefix = 'AGE-SECRET-KEY-'
const identityPattern = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/
const sharesMax = 16

/** Splits an age identity (X25519) into shares of which any `needed` make it again (Shamir). @throws bad_request */
export async function splitIdentity(
  identity: string,
  counts: { shares: number; needed: number },
): Promise<RecoveryShare[]> {
  const { shares, needed } = counts
  if (!Number.isInteger(shares) || shares < 2 || shares > sharesMax) {
    throw new Fault('bad_request', `--shares: a whole number from 2 to ${sharesMax}`)
  }
  if (!Number.isInteger(needed) || needed < 2 || needed > shares) {
    throw new Fault('bad_request', `--needed: a whole number from 2 to the number of shares, ${shares}`)
  }
  const secret = secretOf(identity)
  const recipient = await identityToRecipient(identity)
  const parts = await split(secret, shares, needed)
  return parts.map((bytes, at) => ({ number: at + 1, of: shares, needed, recipient, bytes }))
}

/**
 * The identity that these shares make, with the numbers of those that were given.
 *
 * @throws bad_request when one cannot be read, belongs to another key, is given twice, or they are too few
 */
export async function joinShares(
  paths: readonly string[],
): Promise<{ identity: string; recipient: string; numbers: number[] }> {
  const shares: { path: string; share: RecoveryShare }[] = []
  for (const path of paths) shares.push({ path, share: parseShare(await readText(path), path) })
  const [first] = shares
  if (!first) throw new Fault('bad_request', 'name the files of the shares')
  for (const [at, { path, share }] of shares.entries()) {
    requireSameSet(first, { path, share })
    const twin = shares.slice(0, at).find((one) => one.share.number === share.number)
    if (twin) throw new Fault('bad_request', `${path}: share ${share.number} was given already, as ${twin.path}`)
  }
  const { needed, recipient } = first.share
  if (shares.length < needed) {
    throw new Fault('bad_request', `${needed} different shares make the key, and ${shares.length} are given`)
  }
  const mixed = 'these shares do not make the key that they name: they are of two different splittings'
  // Every share lies at a place that was drawn for its splitting: two of different splittings may lie at the same.
  const secret = await combine(shares.map(({ share }) => share.bytes)).catch((error: unknown) => {
    throw new Fault('bad_request', mixed, { cause: error })
  })
  const identity = bech32.encodeFromBytes(prefix, secret).toUpperCase()
  if ((await identityToRecipient(identity)) !== recipient) throw new Fault('bad_request', mixed)
  return { identity, recipient, numbers: shares.map(({ share }) => share.number).sort((a, b) => a - b) }
}

/** The X25519 identity in a file, as `custody recovery-key` or age-keygen write it. @throws bad_config */
export async function readIdentity(path: string): Promise<string> {
  const line = (await readText(path)).split('\n').find((one) => one.trim().startsWith('AGE-SECRET-KEY-'))
  if (!line) throw new Fault('bad_config', `${path} holds no recovery key (AGE-SECRET-KEY-…)`)
  secretOf(line.trim())
  return line.trim()
}

function requireSameSet(first: { path: string; share: RecoveryShare }, other: typeof first): void {
  const { recipient, of, needed } = first.share
  if (other.share.recipient !== recipient) {
    throw new Fault(
      'bad_request',
      `${other.path}: it belongs to another key than ${first.path}: ${other.share.recipient}`,
    )
  }
  if (other.share.of !== of || other.share.needed !== needed) {
    throw new Fault('bad_request', `${other.path}: it is of another splitting of the same key than ${first.path}`)
  }
}

function secretOf(identity: string): Uint8Array {
  if (!identityPattern.test(identity)) {
    throw new Fault('bad_config', 'the recovery key is an X25519 identity of age (AGE-SECRET-KEY-1 and 58 letters)')
  }
  try {
    return bech32.decodeToBytes(identity).bytes
  } catch (cause) {
    throw new Fault('bad_config', 'the identity is not spelled correctly', { cause })
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Fault('bad_config', `${path} cannot be read`, { cause })
  }
}
