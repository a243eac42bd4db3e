import { type Kysely, sql } from 'kysely'

/**
 * What one look at a recording's whole file found: the inventory lies locked beside the original, its digest and summary
 * here and in the ledger. What it says of the file's own clock may add to the recording's flags.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recording_inventory (
      recording_id uuid primary key references recording,
      sha256       bytea not null check (octet_length(sha256) = 32),
      bytes        bigint not null check (bytes > 0),
      object_key   text not null unique,
      version_id   text not null,
      host_name    text not null,
      retain_until timestamptz not null,
      tool         text not null,
      summary      jsonb not null,
      event_id     uuid not null unique references event,
      taken_at     timestamptz not null
    );
    create trigger recording_inventory_append_only before update or delete on recording_inventory
      for each row execute function refuse_history_change();

    grant select on recording_inventory to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert on recording_inventory to custody_worker;
    grant update (flags) on recording to custody_worker;
  `.execute(db)
}
