import { checkBody, commitmentOf, type EventBody, leafHash, parseLeafData } from '../format/entry.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { verifyInclusion } from '../format/merkle.ts'
import type { Policy } from '../format/policy.ts'
import { parseProof } from '../format/proof.ts'
import { openCosigned } from '../format/signed-checkpoint.ts'
import { malformed, unproven } from '../format/strict.ts'

/** One event as whoever may read it is given it, with its proof. Other members are not looked at. */
export interface DisclosedEvent {
  readonly body: string
  /** Hex. */
  readonly salt: string
  /** The public entry, DESIGN.md §2. */
  readonly entry: string
  /** c2sp.org/tlog-proof. */
  readonly proof: string
}

/** Whom a reader trusts, from outside of what is given. Without witnesses of its own a log's word alone is believed. */
export interface EventTrust {
  readonly log: LogKeys
  /** Null: cosignatures are not looked at. */
  readonly policy: Policy | null
}

export interface VerifiedEvent {
  readonly event: EventBody
  readonly index: number
  /** Leaves of the checkpoint that covers it. */
  readonly size: number
  readonly root: Buffer
  /** The policy asks for witnesses, and enough of them cosigned. */
  readonly isWitnessed: boolean
}

/**
 * Verifies one event offline: body and salt are what its entry commits to, the entry is the leaf of that index, the path
 * leads to the root, and every key of the log that signs at its size signed it. Cosignatures of known witnesses are verified too.
 *
 * @throws malformed for what cannot be read, unproven for what does not hold, naming the step
 */
export function verifyDisclosed(given: DisclosedEvent, trust: EventTrust): VerifiedEvent {
  if (!/^[0-9a-f]{64}$/.test(given.salt)) throw malformed('the salt is not 64 hex digits')
  const entry = Buffer.from(given.entry, 'utf8')
  const { commitment } = parseLeafData(entry)
  if (commitmentOf(Buffer.from(given.salt, 'hex'), given.body).toString('hex') !== commitment) {
    throw unproven('the event is not what its entry in the ledger commits to')
  }
  const { index, hashes, checkpoint } = parseProof(given.proof)
  const witnessKeys = trust.policy?.witnesses.map(({ key }) => key) ?? []
  const { checkpoint: opened, cosigners } = openCosigned(checkpoint, trust.log, witnessKeys)
  const { size, root } = opened
  if (!verifyInclusion({ index, size, leafHash: leafHash(entry), proof: hashes, root })) {
    throw unproven(`the event is not entry ${index} of the ledger of ${size} entries`)
  }
  const isWitnessed = (trust.policy?.needsWitnesses && trust.policy.isMet(cosigners)) ?? false
  return { event: checkBody(given.body), index, size, root, isWitnessed }
}
