import { type Kysely, sql } from 'kysely'

/**
 * An envelope with a spare code stays good until the one that is to take its place was confirmed: an account can have one of
 * each that nobody has opened.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index sealed_spare_closed;
    create unique index sealed_spare_closed on sealed_spare (person_id)
      where opened_at is null and replaced_at is null and confirmed_at is not null;
    create unique index sealed_spare_waiting on sealed_spare (person_id)
      where opened_at is null and replaced_at is null and confirmed_at is null;
  `.execute(db)
}
