import { type Kysely, sql } from 'kysely'

/**
 * Why a recording is in quarantine is one of the words that its events use: with any other it could never be resolved, since
 * no event could say what was resolved.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table recording add constraint recording_quarantine_reason_check
      check (quarantine_reason in ('digest_differs', 'unknown_device', 'retired_device'));
  `.execute(db)
}
