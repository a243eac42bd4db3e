import { type Kysely, sql } from 'kysely'

/**
 * What a dock signed of a file when it had read it: its SM3, and its signature over list, line and both digests. The SHA-256 of
 * it is `declared_sha256`. By that a later list may name a file without sending it again: one in quarantine too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table upload add column dock_signature bytea check (octet_length(dock_signature) = 64);
    alter table upload add column dock_sm3 bytea check (octet_length(dock_sm3) = 32);
    alter table upload add constraint upload_dock_digest_check
      check (dock_signature is null and dock_sm3 is null or dock_signature is not null and declared_sha256 is not null);
    create index recording_apart on recording (device_serial, sha256) where quarantine_reason is not null;
  `.execute(db)
}
