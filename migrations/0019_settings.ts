import { type Kysely, sql } from 'kysely'

/**
 * What a bureau may set for itself: every version of every setting, proposed by one person and decided by another. The
 * version in force is the accepted one with the latest valid_from that has come; without one, the default of the program counts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table setting_version (
      id          uuid primary key,
      key         text not null check (key ~ '^[a-z_]+\\.[a-z_]+$'),
      -- Canonical JSON (RFC 8785), as the event has it.
      value       text not null,
      source      text not null,
      valid_from  timestamptz not null,
      proposed_by uuid not null references person,
      proposed_at timestamptz not null,
      state       text not null check (state in ('proposed', 'accepted', 'refused', 'withdrawn')),
      decided_by  uuid references person,
      decided_at  timestamptz,
      check ((state = 'proposed') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
      check (state = 'withdrawn' or decided_by is distinct from proposed_by)
    );
    create unique index one_open_proposal_a_setting on setting_version (key) where state = 'proposed';
    create index setting_in_force on setting_version (key, valid_from) where state = 'accepted';

    grant select on setting_version to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert on setting_version to custody_access;
    grant update (state, decided_by, decided_at) on setting_version to custody_access;
  `.execute(db)
}
