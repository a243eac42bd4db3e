import type { Trx } from '../../foundation/db/database.ts'

/**
 * Locks the accounts of every office, so that none of them is shut or reset until the transaction ends. Whoever locks another
 * person's account besides does it after this: everybody in that order, so that no two wait for one another.
 */
export async function lockOfficeAccounts(trx: Trx): Promise<void> {
  await trx
    .selectFrom('person')
    .where('role', 'in', ['supervisor', 'auditor', 'administrator'])
    .select('id')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}
