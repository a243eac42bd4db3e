import { sql } from 'kysely'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { parseCheckpoint } from '../format/checkpoint.ts'
import { splitNote } from '../format/note.ts'
import type { Policy } from '../format/policy.ts'
import { type Cosignature, judgeAnswer } from '../format/witness-protocol.ts'

/**
 * Stores the cosignatures of a witness on the checkpoint of `size`, how far it has come, and, when they are what the policy's
 * quorum lacked, that the checkpoint is witnessed: in one transaction. The same again changes nothing but the time of
 * the last contact. Answers whether the checkpoint is witnessed now.
 */
export async function storeCosignatures(
  db: Db,
  policy: Policy,
  given: { witness: string; size: number; cosignatures: readonly Cosignature[]; at: Date },
): Promise<boolean> {
  return db.transaction().execute((trx) => storeCosignaturesIn(trx, policy, given))
}

/** The same in the caller's transaction. */
export async function storeCosignaturesIn(
  trx: Trx,
  policy: Policy,
  given: { witness: string; size: number; cosignatures: readonly Cosignature[]; at: Date },
): Promise<boolean> {
  const { witness, size, cosignatures, at } = given
  // Two witnesses at once would each see their own lines only, and neither find the quorum met.
  await sql`select pg_advisory_xact_lock(hashtextextended('witnessed', ${size}))`.execute(trx)
  for (const { key, line, timestampSeconds } of cosignatures) {
    await trx
      .insertInto('cosignature')
      .values({
        size,
        name: key.name,
        key_id: key.keyId,
        line,
        signed_at: new Date(timestampSeconds * 1000),
        received_at: at,
      })
      .onConflict((conflict) => conflict.columns(['size', 'name', 'key_id']).doNothing())
      .execute()
  }
  const contact = { last_ok_at: at, last_try_at: at, last_error: null, alarm: null }
  await trx
    .insertInto('witness_contact')
    .values({ name: witness, last_size: size, ...contact })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ ...contact, last_size: sql<number>`greatest(witness_contact.last_size, ${size})` }),
    )
    .execute()
  return markWitnessed(trx, policy, size, at)
}

/** The size of the last checkpoint that the witness of this name cosigned, as far as we know; 0 for none. */
export async function lastCosignedSize(db: Db, witness: string): Promise<number> {
  const row = await db.selectFrom('witness_contact').where('name', '=', witness).select('last_size').executeTakeFirst()
  return row?.last_size ?? 0
}

/** Notes that talking with a witness failed, and why. */
export async function recordWitnessFailure(
  db: Db,
  failure: { witness: string; message: string; at: Date },
): Promise<void> {
  const contact = { last_try_at: failure.at, last_error: failure.message }
  await db
    .insertInto('witness_contact')
    .values({ name: failure.witness, ...contact })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(contact))
    .execute()
}

async function markWitnessed(trx: Trx, policy: Policy, size: number, at: Date): Promise<boolean> {
  if (!policy.needsWitnesses || !(await isQuorumMet(trx, policy, size, at.getTime() / 1000))) return false
  await trx
    .insertInto('witnessed')
    .values({ size, at })
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute()
  return true
}

/**
 * Whether the stored cosignatures on the checkpoint of `size` are enough for the policy. Rows are not believed: only lines
 * that verify over a checkpoint of this very size count, and one that is no signature line hides no other.
 */
export async function isQuorumMet(
  db: Db,
  policy: Policy,
  size: number,
  nowSeconds = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const { note } = await db.selectFrom('checkpoint').where('size', '=', size).select('note').executeTakeFirstOrThrow()
  const rows = await db.selectFrom('cosignature').where('size', '=', size).select('line').execute()
  const keys = policy.witnesses.map((witness) => witness.key)
  const cosigners = rows.flatMap(({ line }) =>
    unlessMalformed(() => {
      const { text } = splitNote(note)
      if (parseCheckpoint(text).size !== size) return []
      return judgeAnswer(line, text, keys, nowSeconds).cosignatures.map(({ key }) => key)
    }),
  )
  return policy.isMet(cosigners)
}

function unlessMalformed<T>(judge: () => T[]): T[] {
  try {
    return judge()
  } catch (error) {
    if (isFault(error, 'malformed')) return []
    throw error
  }
}
