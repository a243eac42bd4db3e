import { type Kysely, sql } from 'kysely'

/**
 * A stored subject secret carries a MAC, by which the sequencer, the only holder of the key, recognises its own rows. Earlier
 * rows have none: the sequencer proves their secret again when it needs it, and adds the MAC.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table subject_secret add column mac bytea check (octet_length(mac) = 32);
    grant update (mac) on subject_secret to custody_sequencer;
  `.execute(db)
}
