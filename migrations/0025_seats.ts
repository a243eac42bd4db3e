import { type Kysely, sql } from 'kysely'

/**
 * Sealed spare codes: an envelope with a numbered seal holds a code that stands for the releaser's when a password is reset
 * while he is away. Two people seal it, two open it. A third signature, on paper, stands under an act whose two names do not
 * count as two; an auditor confirms it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sealed_spare (
      id             uuid primary key,
      person_id      uuid not null references person,
      code_hash      bytea not null check (octet_length(code_hash) = 32),
      seal_number    text not null unique check (seal_number <> ''),
      place          text not null check (place <> ''),
      sealed_by      uuid not null references person,
      sealed_at      timestamptz not null,
      with_person_id uuid not null references person check (with_person_id <> sealed_by),
      confirmed_at   timestamptz,
      asked_by       uuid references person check (asked_by <> person_id),
      asked_at       timestamptz,
      opened_by      uuid references person check (opened_by <> person_id and opened_by <> asked_by),
      opened_at      timestamptz,
      -- Until when an opened one may be used.
      expires_at     timestamptz,
      used_at        timestamptz,
      replaced_at    timestamptz,
      check ((asked_by is null) = (asked_at is null)),
      check ((opened_by is null) = (opened_at is null) and (opened_at is null) = (expires_at is null)),
      check (opened_at is null or (confirmed_at is not null and asked_at is not null)),
      check (used_at is null or opened_at is not null),
      check (replaced_at is null or opened_at is null)
    );
    create unique index sealed_spare_closed on sealed_spare (person_id) where opened_at is null and replaced_at is null;
    grant select, insert on sealed_spare to custody_access;
    grant update (confirmed_at, asked_by, asked_at, opened_by, opened_at, expires_at, used_at, replaced_at)
      on sealed_spare to custody_access;
    -- The nightly check compares it with its events, which do not tell the code's digest.
    grant select (id, person_id, seal_number, place, sealed_by, sealed_at, with_person_id, confirmed_at, asked_by, asked_at,
      opened_by, opened_at, expires_at, used_at, replaced_at) on sealed_spare to custody_worker;

    -- An account is opened by the releaser's code, or by the code of an envelope, which waits for no release.
    alter table account_opening
      add column spare_id uuid references sealed_spare check (spare_id is null or used_at is not null),
      drop constraint account_opening_check5,
      drop constraint account_opening_check6,
      add check (released_by is not null or num_nonnulls(confirmed_by, stopped_by) = 0),
      add check (used_at is null or stopped_at is null),
      add check (used_at is null or spare_id is not null or (released_by is not null and used_at >= effective_from));
    grant update (spare_id) on account_opening to custody_access;
    grant select (spare_id) on account_opening to custody_worker;

    -- A whole card that stood on no signed list is proposed, and decided on, at once.
    alter table quarantine_proposal add column batch_id uuid;
    create index quarantine_proposal_batch on quarantine_proposal (batch_id) where batch_id is not null;

    create table third_signature (
      id            uuid primary key,
      act           text not null,
      -- The event that put the matter up.
      matter_id     uuid not null references event,
      signer_name   text not null check (signer_name <> ''),
      signer_office text not null check (signer_office <> ''),
      scan_sha256   bytea not null check (octet_length(scan_sha256) = 32),
      added_by      uuid not null references person,
      added_at      timestamptz not null,
      confirm_by    timestamptz not null,
      decided_by    uuid references person check (decided_by <> added_by),
      decided_at    timestamptz,
      confirmed     boolean,
      check ((decided_by is null) = (decided_at is null) and (decided_at is null) = (confirmed is null))
    );
    create index third_signature_matter on third_signature (matter_id);
    grant select, insert, update (decided_by, decided_at, confirmed) on third_signature to custody_access;
    grant select on third_signature to custody_worker;

    insert into event_writer (kind, alarm, role, actor) values
      ('signature.third_added', '', 'custody_access', 'person'),
      ('signature.third_confirmed', '', 'custody_access', 'person'),
      ('signature.third_refused', '', 'custody_access', 'person'),
      ('spare.sealed', '', 'custody_access', 'person'),
      ('spare.confirmed', '', 'custody_access', 'person'),
      ('spare.opening_asked', '', 'custody_access', 'person'),
      ('spare.opened', '', 'custody_access', 'person');
  `.execute(db)
}
