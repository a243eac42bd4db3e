import { type Kysely, sql } from 'kysely'

/**
 * A film that somebody made with the vendor's own player of a recording that cannot be played here: the custodian supplies
 * it, a second person confirms or refuses, and a rendition is made of it. Until that is ready, `superseded` marks the
 * rendition that says why the recording could not be played; if it fails, that one counts again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rendition_supply (
      id           uuid primary key,
      recording_id uuid not null references recording,
      rendition_id uuid not null references rendition,
      state        text not null check (state in ('proposed', 'refused', 'making', 'ready', 'failed')),
      tool         text not null,
      tool_version text not null,
      how          text not null,
      bytes        bigint not null check (bytes > 0),
      sha256       bytea not null check (octet_length(sha256) = 32),
      object_key   text not null unique,
      version_id   text not null,
      proposed_by  uuid not null references person,
      proposed_at  timestamptz not null,
      decided_by   uuid references person check (decided_by <> proposed_by),
      decided_at   timestamptz,
      reason       text,
      failure      text
    );
    create unique index one_open_supply on rendition_supply (recording_id) where state in ('proposed', 'making');

    grant select on rendition_supply to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert, update (state, decided_by, decided_at, reason) on rendition_supply to custody_access;
    grant update (state) on rendition to custody_access;
    grant update (state, failure) on rendition_supply to custody_worker;
  `.execute(db)
}
