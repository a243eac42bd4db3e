import { type Kysely, sql } from 'kysely'

/**
 * When a hand-in's running numbers were compared with the device's hand-in before it; null: not yet. Earlier ones are not
 * looked at: the term in which their gaps could have been explained is over.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table hand_in add column numbers_checked_at timestamptz;
    update hand_in set numbers_checked_at = now();
    create index hand_in_numbers_unchecked on hand_in (opened_at) where numbers_checked_at is null;
    grant update (numbers_checked_at) on hand_in to custody_worker;
  `.execute(db)
}
