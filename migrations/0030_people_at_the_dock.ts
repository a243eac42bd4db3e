import { type Kysely, sql } from 'kysely'

/**
 * What people say at the dock and of what they handed in: gaps with their explanations, what is not enforcement or has no
 * number yet, corrections of a hand-in's device or user; the roster; and work cards and dock codes by which people are known
 * at a dock. A hand-in keeps who counted as the user of the shift when it was opened.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table hand_in add column concerned_id uuid references person;
    alter table hand_in add column concerned_grade text not null default 'unknown'
      check (concerned_grade in ('confirmed', 'roster', 'register', 'unknown'));
    alter table hand_in alter column concerned_grade drop default;
    create index hand_in_concerned on hand_in (concerned_id, opened_at);
    create index hand_in_opened on hand_in (opened_at, id);

    create table roster_line (
      id            uuid primary key,
      person_id     uuid not null references person,
      -- Null: on duty, with whatever device.
      device_serial text,
      -- In Asia/Shanghai, YYYY-MM-DD: the day of the shift's beginning, by which a later list replaces an earlier one.
      day           text not null check (day ~ '^\\d{4}-\\d\\d-\\d\\d$'),
      starts_at     timestamptz not null,
      ends_at       timestamptz not null check (ends_at > starts_at),
      entered_by    uuid not null references person,
      entered_at    timestamptz not null,
      withdrawn_by  uuid references person,
      withdrawn_at  timestamptz,
      check ((withdrawn_by is null) = (withdrawn_at is null))
    );
    create index roster_line_device on roster_line (device_serial, starts_at) where withdrawn_at is null;
    create index roster_line_time on roster_line (starts_at) where withdrawn_at is null;

    create table gap (
      id              uuid primary key,
      kind            text not null check (kind in ('time', 'number', 'not_read', 'missing_hand_in')),
      device_serial   text not null,
      hand_in_id      uuid references hand_in,
      dock_gap_id     text,
      -- Lines of the list beside it.
      before_number   integer,
      after_number    integer,
      -- As the device's clock said; of a missing hand-in the shift.
      from_time       text,
      to_time         text,
      length_ms       bigint,
      missing_numbers integer,
      -- Lines of the list that never came.
      line_numbers    integer[] not null,
      -- What the dock proposes, canonical JSON as the event has it.
      proposed        text,
      roster_line_id  uuid unique references roster_line,
      person_id       uuid references person,
      due_at          timestamptz not null,
      found_by        text not null,
      found_at        timestamptz not null,
      state           text not null check (state in ('open', 'explained', 'accepted', 'returned')),
      decided_by      uuid references person,
      decided_at      timestamptz,
      decision_reason text,
      check ((hand_in_id is null) = (kind = 'missing_hand_in')),
      check ((roster_line_id is null) = (kind <> 'missing_hand_in')),
      check ((decided_by is null) = (decided_at is null))
    );
    create index gap_hand_in on gap (hand_in_id);
    create index gap_person on gap (person_id, found_at);
    create index gap_undecided on gap (due_at) where state <> 'accepted';

    create table gap_explanation (
      id              uuid primary key,
      gap_id          uuid not null references gap,
      dock_message_id text,
      reason          text not null check (reason in ('battery', 'storage_full', 'device_fault', 'asked_by_party',
        'operating_error', 'clock', 'not_used', 'still_on_duty', 'handed_in_elsewhere', 'lost', 'other')),
      words           text,
      person_id       uuid references person,
      grade           text not null check (grade in ('slot', 'card', 'code', 'password')),
      identified      boolean not null,
      said_at         text,
      given_by        text not null,
      given_at        timestamptz not null,
      confirm_by      timestamptz,
      confirmed_at    timestamptz check (confirmed_at is null or confirm_by is not null),
      is_own          boolean check ((is_own is null) = (confirmed_at is null))
    );
    create index gap_explanation_gap on gap_explanation (gap_id);
    create index gap_explanation_unconfirmed on gap_explanation (person_id)
      where confirm_by is not null and confirmed_at is null;

    create table hand_in_statement (
      id              uuid primary key,
      hand_in_id      uuid not null references hand_in,
      dock_message_id text not null,
      kind            text not null check (kind in ('not_enforcement', 'no_number_yet')),
      line_numbers    integer[] not null,
      words           text,
      person_id       uuid references person,
      grade           text not null check (grade in ('slot', 'card', 'code', 'password')),
      identified      boolean not null,
      said_at         text not null,
      kept_at         timestamptz not null
    );
    create index hand_in_statement_hand_in on hand_in_statement (hand_in_id);

    create table hand_in_correction (
      id            uuid primary key,
      hand_in_id    uuid not null references hand_in,
      device_serial text,
      user_id       uuid references person,
      reason        text not null,
      asked_by      uuid not null references person,
      asked_at      timestamptz not null,
      decided_by    uuid references person check (decided_by <> asked_by),
      decided_at    timestamptz,
      confirmed     boolean,
      check (num_nonnulls(device_serial, user_id) > 0),
      check ((decided_by is null) = (decided_at is null) and (decided_at is null) = (confirmed is null))
    );
    create unique index one_open_correction_a_hand_in on hand_in_correction (hand_in_id) where decided_at is null;

    create table dock_pass (
      id            uuid primary key,
      person_id     uuid not null references person,
      means         text not null check (means in ('card', 'code')),
      digest        bytea not null check (octet_length(digest) = 32),
      given_by      uuid not null references person,
      given_at      timestamptz not null,
      released_by   uuid references person check (released_by <> given_by),
      released_at   timestamptz,
      taken_back_by uuid references person,
      taken_back_at timestamptz,
      check ((released_by is null) = (released_at is null) and (taken_back_by is null) = (taken_back_at is null))
    );
    -- A code stands for one person, and a person has one of each.
    create unique index dock_pass_digest on dock_pass (digest) where taken_back_at is null;
    create unique index dock_pass_person on dock_pass (person_id, means) where taken_back_at is null;

    -- Tries, and who was known by which means at which dock: what a dock says of a person's act is compared with it.
    create table dock_identification (
      event_id      uuid primary key references event,
      dock_id       uuid not null references dock,
      device_serial text not null,
      -- Whose acts it is for. Null: of the device's next hand-in at that dock; and of a wrong try.
      hand_in_id    uuid references hand_in,
      means         text not null check (means in ('card', 'code')),
      -- Null: a wrong try.
      person_id     uuid references person,
      at            timestamptz not null
    );
    create index dock_identification_dock on dock_identification (dock_id, at);

    grant select, insert on gap, gap_explanation, hand_in_statement, dock_identification to custody_ingest;
    grant update (state) on gap to custody_ingest;
    grant select on roster_line to custody_ingest;
    grant select (id, person_id, means, digest, released_at, taken_back_at) on dock_pass to custody_ingest;
    grant select (hand_in_id, user_id, confirmed, decided_at) on hand_in_correction to custody_ingest;
    grant select (name) on person to custody_ingest;

    grant select on gap, gap_explanation, hand_in_statement, hand_in_correction, roster_line, dock_identification
      to custody_access;
    grant update (state, decided_by, decided_at, decision_reason, due_at) on gap to custody_access;
    grant insert, update (confirmed_at, is_own) on gap_explanation to custody_access;
    grant insert, update (decided_by, decided_at, confirmed) on hand_in_correction to custody_access;
    grant insert, update (withdrawn_by, withdrawn_at) on roster_line to custody_access;
    grant select, insert, update (released_by, released_at, taken_back_by, taken_back_at) on dock_pass to custody_access;

    grant select, insert on gap to custody_worker;
    grant select on gap_explanation, hand_in_statement, hand_in_correction, roster_line, dock_identification
      to custody_worker;
    -- The nightly check compares it with its events, which do not tell the digest.
    grant select (id, person_id, means, given_by, given_at, released_by, released_at, taken_back_by, taken_back_at)
      on dock_pass to custody_worker;

    insert into event_writer (kind, alarm, role, actor) values
      ('gap.found', '', 'custody_ingest', 'dock'),
      ('gap.found', '', 'custody_worker', 'service:expire'),
      ('gap.explained', '', 'custody_ingest', 'dock'),
      ('gap.explained', '', 'custody_access', 'person'),
      ('gap.confirmed', '', 'custody_access', 'person'),
      ('gap.accepted', '', 'custody_access', 'person'),
      ('gap.returned', '', 'custody_access', 'person'),
      ('hand_in.said', '', 'custody_ingest', 'dock'),
      ('hand_in.correction_asked', '', 'custody_access', 'person'),
      ('hand_in.corrected', '', 'custody_access', 'person'),
      ('hand_in.correction_refused', '', 'custody_access', 'person'),
      ('roster.entered', '', 'custody_access', 'person'),
      ('roster.withdrawn', '', 'custody_access', 'person'),
      ('dock_pass.given', '', 'custody_access', 'person'),
      ('dock_pass.released', '', 'custody_access', 'person'),
      ('dock_pass.taken_back', '', 'custody_access', 'person'),
      ('identity.shown', '', 'custody_ingest', 'dock'),
      ('identity.refused', '', 'custody_ingest', 'dock');
  `.execute(db)
}
