import type { Db } from '../../foundation/db/database.ts'
import type { Policy } from '../format/policy.ts'
import { witnessesOf } from '../format/witnesses.ts'
import { newestCheckpointSize } from '../log/newest-checkpoint.ts'
import { isQuorumMet } from './cosignatures.ts'

/** How the talk with one witness stands. */
export interface WitnessState {
  readonly name: string
  readonly kind: 'online' | 'courier'
  /** Size of the last checkpoint that it cosigned. */
  readonly size: number
  readonly lastOkAt: Date | null
  readonly lastTriedAt: Date | null
  readonly lastError: string | null
  /** What it says against this log; null when nothing. */
  readonly alarm: string | null
}

/** How far outsiders have seen the ledger. */
export interface LedgerState {
  readonly size: number
  readonly witnessedSize: number | null
  readonly witnessedAt: Date | null
  /** When the oldest checkpoint was published that is newer than the last witnessed one; null when all is witnessed. */
  readonly unwitnessedSince: Date | null
  readonly witnesses: readonly WitnessState[]
}

/** The ledger's state against the policy; without one, or with `quorum none`, nothing has to be witnessed. */
export async function ledgerState(db: Db, policy: Policy | null): Promise<LedgerState> {
  const witnessed = await newestWitnessedRow(db, policy)
  return {
    size: await newestCheckpointSize(db),
    witnessedSize: witnessed?.size ?? null,
    witnessedAt: witnessed?.at ?? null,
    unwitnessedSince: await unwitnessedSince(db, policy),
    witnesses: await witnessStates(db, policy),
  }
}

/** See LedgerState. */
export async function unwitnessedSince(db: Db, policy: Policy | null): Promise<Date | null> {
  if (!policy?.needsWitnesses) return null
  const witnessed = await newestWitnessedRow(db, policy)
  const row = await db
    .selectFrom('checkpoint')
    .where('size', '>', witnessed?.size ?? -1)
    .select('at')
    .orderBy('size')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/**
 * Since when the ledger is unwitnessed for too long: when nothing of it was ever witnessed, or when its oldest unwitnessed
 * checkpoint is older than `ageMsMax`. Null when it is not. A quiet office, where all is witnessed, is never too old.
 */
export async function unwitnessedTooLong(
  db: Db,
  policy: Policy | null,
  limit: { ageMsMax: number; now: Date },
): Promise<Date | null> {
  const since = await unwitnessedSince(db, policy)
  if (since === null || limit.now.getTime() - since.getTime() > limit.ageMsMax) return since
  return (await newestWitnessedRow(db, policy)) ? null : since
}

/** Each witness of the policy, whether or not it was ever reached. */
export async function witnessStates(db: Db, policy: Policy | null): Promise<WitnessState[]> {
  if (policy === null) return []
  const contacts = await db.selectFrom('witness_contact').selectAll().execute()
  return witnessesOf(policy).map(({ name, url }) => {
    const contact = contacts.find((row) => row.name === name)
    return {
      name,
      kind: url === null ? 'courier' : 'online',
      size: contact?.last_size ?? 0,
      lastOkAt: contact?.last_ok_at ?? null,
      lastTriedAt: contact?.last_try_at ?? null,
      lastError: contact?.last_error ?? null,
      alarm: contact?.alarm ?? null,
    }
  })
}

/** More rows than this without their cosignatures are no accident: then nothing counts as witnessed. */
const unprovenMax = 20

/**
 * The newest checkpoint that is marked as witnessed and whose stored cosignatures say so: whoever can write a row could
 * else hide that no witness sees the ledger any more.
 */
async function newestWitnessedRow(db: Db, policy: Policy | null): Promise<{ size: number; at: Date } | null> {
  if (!policy?.needsWitnesses) return null
  const rows = db.selectFrom('witnessed').selectAll().orderBy('size', 'desc')
  const newest = await rows.limit(1).execute()
  if (newest[0] === undefined || (await isQuorumMet(db, policy, newest[0].size))) return newest[0] ?? null
  for (const row of await rows.offset(1).limit(unprovenMax).execute()) {
    if (await isQuorumMet(db, policy, row.size)) return row
  }
  return null
}
