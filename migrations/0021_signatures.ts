import { type Kysely, sql } from 'kysely'

/**
 * A setting that is accepted late holds from then on, not from the earlier time that its proposal names: deciding may move
 * the time forward.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant update (valid_from) on setting_version to custody_access;
  `.execute(db)
}
