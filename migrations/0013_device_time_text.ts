import { type Kysely, sql } from 'kysely'

/**
 * A device may say a time that the calendar does not have, such as 30 February. It is kept as it was said, beside the instant
 * that it names, if any.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table upload add column device_time_text text;
    alter table recording add column device_time_text text;
  `.execute(db)
}
