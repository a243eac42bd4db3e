import { type Kysely, sql } from 'kysely'

/**
 * An account is opened by two: whoever made or reset it gave a first password, whoever released it gave a code. Control
 * roles and the last administrator are shut by two. First accounts, made by `custody setup`, have no opening.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_opening (
      -- The event that made the opening.
      id             uuid primary key,
      person_id      uuid not null references person,
      cause          text not null check (cause in ('created', 'reset')),
      made_by        uuid not null references person,
      made_at        timestamptz not null,
      -- Until when the first password may be used.
      expires_at      timestamptz not null,
      released_by     uuid references person,
      released_at     timestamptz,
      office          text check (office in ('supervisor', 'auditor')),
      -- Later than released_at where another office released in place of the one whose act it is.
      effective_from  timestamptz,
      code_hash       bytea check (octet_length(code_hash) = 32),
      code_expires_at timestamptz,
      -- The other office released as well.
      confirmed_by    uuid references person,
      confirmed_at    timestamptz,
      stopped_by      uuid references person,
      stopped_at      timestamptz,
      used_at         timestamptz,
      check (made_by <> person_id),
      check (released_by not in (made_by, person_id)),
      check (confirmed_by not in (made_by, person_id, released_by)),
      check (num_nulls(released_by, released_at, office, effective_from, code_hash, code_expires_at) in (0, 6)),
      check (num_nulls(confirmed_by, confirmed_at) in (0, 2) and num_nulls(stopped_by, stopped_at) in (0, 2)),
      check (released_by is not null or num_nonnulls(confirmed_by, stopped_by, used_at) = 0),
      check (used_at is null or (stopped_at is null and used_at >= effective_from))
    );
    create index account_opening_person on account_opening (person_id, made_at);

    create table account_shutting (
      -- The event that asked for it.
      id         uuid primary key,
      person_id  uuid not null references person,
      reason     text not null,
      asked_by   uuid not null references person,
      asked_at   timestamptz not null,
      decided_by uuid references person,
      decided_at timestamptz,
      confirmed  boolean,
      check (num_nulls(decided_by, decided_at, confirmed) in (0, 3)),
      check (decided_by not in (asked_by, person_id))
    );
    create unique index one_open_shutting_a_person on account_shutting (person_id) where decided_at is null;

    grant select on account_opening, account_shutting to custody_access;
    grant insert on account_opening, account_shutting to custody_access;
    grant update (expires_at, released_by, released_at, office, effective_from, code_hash, code_expires_at, confirmed_by,
      confirmed_at, stopped_by, stopped_at, used_at) on account_opening to custody_access;
    grant update (decided_by, decided_at, confirmed) on account_shutting to custody_access;
    -- The nightly check compares the rows with their events; a code's digest stands in no event.
    grant select (id, person_id, cause, made_by, made_at, expires_at, released_by, released_at, office, effective_from,
      code_expires_at, confirmed_by, confirmed_at, stopped_by, stopped_at, used_at) on account_opening to custody_worker;
    grant select on account_shutting to custody_worker;
  `.execute(db)
}
