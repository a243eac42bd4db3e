import { type Kysely, sql } from 'kysely'

/**
 * Docks that enrol themselves with a one-time code and say how they stand, what they clear and what they report of devices.
 * An enrolment's id is that of the dock that it becomes. Ingest makes a dock's row without a release, and writes its
 * event in the name of whoever made the code: a trigger holds it to the enrolments that access has made.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table dock_enrolment (
      id         uuid primary key,
      name       text not null,
      code_hash  bytea not null unique check (octet_length(code_hash) = 32),
      made_by    uuid not null references person,
      made_at    timestamptz not null,
      expires_at timestamptz not null check (expires_at > made_at),
      used_at    timestamptz
    );
    create table enrolment_try (
      address text primary key,
      since   timestamptz not null,
      tries   int not null check (tries > 0)
    );
    create table dock_state (
      dock_id          uuid primary key references dock,
      seen_at          timestamptz not null,
      version          text not null,
      slots            int not null,
      slots_used       int not null,
      spool_bytes      bigint not null,
      spool_used_bytes bigint not null,
      waiting_bytes    bigint not null,
      clock            text not null check (clock in ('proven', 'unproven', 'off')),
      offline_since    timestamptz,
      attention        jsonb not null
    );

    -- Files that a dock removes from a device: announced before the first one goes, closed after the last.
    create table clearing (
      id           uuid primary key,
      dock_id      uuid not null references dock,
      -- The id that the dock made for the request, so that the same request again gives the same clearing.
      said_id      text not null,
      hand_in_id   uuid not null references hand_in,
      full_percent int check (full_percent between 0 and 100),
      list_sha256  bytea not null check (octet_length(list_sha256) = 32),
      event_id     uuid not null references event,
      announced_at timestamptz not null,
      ended_at     timestamptz,
      unique (dock_id, said_id)
    );
    create index clearing_left_open on clearing (announced_at) where ended_at is null;
    create index clearing_of_hand_in on clearing (hand_in_id);
    create table clearing_file (
      clearing_id   uuid not null references clearing,
      hand_in_id    uuid not null,
      number        int not null,
      recording_id  uuid not null references recording,
      sha256        bytea not null check (octet_length(sha256) = 32),
      basis         text not null check (basis in ('witnessed', 'before_witness')),
      receipt_index bigint not null,
      -- Null until the clearing is closed.
      outcome       text check (outcome in ('cleared', 'gone', 'digest_differs', 'not_removed', 'kept')),
      primary key (clearing_id, number),
      foreign key (hand_in_id, number) references hand_in_file
    );
    create unique index one_clearing_a_file on clearing_file (hand_in_id, number)
      where outcome is null or outcome = 'cleared';
    create index clearing_of_recording on clearing_file (recording_id);

    -- What was reported stands in its event; here only that it was, by the dock's own id, and the digest of what was sent.
    create table dock_report (
      dock_id     uuid not null references dock,
      said_id     text not null,
      sha256      bytea not null check (octet_length(sha256) = 32),
      event_id    uuid not null references event,
      reported_at timestamptz not null,
      primary key (dock_id, said_id)
    );
    -- Somebody said at the dock whose device a volume is: the next hand-in of that device there is marked.
    create table volume_statement (
      event_id      uuid primary key references event,
      dock_id       uuid not null references dock,
      device_serial text not null,
      stated_at     timestamptz not null
    );
    create index volume_statement_device on volume_statement (dock_id, device_serial);
    alter table hand_in add column device_stated boolean not null default false;
    -- The running number of the last file on the list by the times in the names; null where no name says one.
    alter table hand_in add column running_number int;
    create index hand_in_of_device on hand_in (device_serial, opened_at desc);

    alter table device drop constraint device_state_check;
    alter table device add constraint device_state_check
      check (state in ('in_service', 'in_repair', 'retired', 'lost', 'lent'));
    -- An act that one person may not do alone while files of the device are missing.
    create table device_act (
      id             uuid primary key,
      device_id      uuid not null references device,
      act            text not null check (act in ('repair', 'retire', 'lend')),
      card_taken_out boolean not null,
      files_missing  int not null check (files_missing >= 0),
      gaps_open      int not null check (gaps_open >= 0),
      note           text not null,
      lent_to        text check ((lent_to is null) = (act <> 'lend')),
      asked_by       uuid not null references person,
      asked_at       timestamptz not null,
      decided_by     uuid references person check (decided_by <> asked_by),
      decided_at     timestamptz,
      confirmed      boolean,
      check ((decided_by is null) = (decided_at is null) and (decided_at is null) = (confirmed is null))
    );
    create unique index one_open_act_a_device on device_act (device_id) where decided_at is null;

    grant insert on dock_enrolment to custody_access;
    grant select (id, name, made_by, made_at, expires_at, used_at) on dock_enrolment to custody_access, custody_worker;
    grant select, update (used_at) on dock_enrolment to custody_ingest;
    grant select, insert, update, delete on enrolment_try to custody_ingest;
    -- Never a release: that is the second person's.
    grant insert (id, name, token_hash, public_key, registered_at) on dock to custody_ingest;
    grant select, insert, update on dock_state to custody_ingest;
    grant select on dock_state to custody_access;
    grant select, insert, update (ended_at) on clearing to custody_ingest;
    grant select, insert, update (outcome) on clearing_file to custody_ingest;
    grant select on clearing, clearing_file to custody_access, custody_worker;
    grant select, insert on dock_report to custody_ingest;
    grant select, insert on volume_statement to custody_ingest;
    grant select on dock_report, volume_statement to custody_worker;
    grant select, insert, update (decided_by, decided_at, confirmed) on device_act to custody_access;
    grant select on device_act to custody_worker;
    grant select (name) on person to custody_ingest;
    grant select (model) on device to custody_ingest;
    grant select (store, state) on copy to custody_ingest;
    grant select (issued_at) on receipt to custody_ingest;

    create function require_dock_enrolment() returns trigger language plpgsql
      set search_path = pg_catalog, public, pg_temp as $$
    declare
      said json := new.body::json;
    begin
      if exists (select from dock_enrolment enrolment
                 where new.subjects @> array['dock:' || enrolment.id] and enrolment.used_at is null
                   and enrolment.made_by::text = said->>'actor' and said->>'actorRole' = 'administrator'
                   and enrolment.name = said->'details'->>'name') then
        return new;
      end if;
      raise exception 'custody_ingest registers docks by an enrolment that waits, in the name of whoever made it'
        using errcode = 'insufficient_privilege';
    end $$;
    create trigger dock_enrolment_rule before insert on event for each row
      when (new.kind = 'dock.registered' and current_user = 'custody_ingest')
      execute function require_dock_enrolment();

    insert into event_writer (kind, alarm, role, actor) values
      ('dock.enrolment_made', '', 'custody_access', 'person'),
      ('dock.registered', '', 'custody_ingest', 'person'),
      ('station.enrolment_refused', '', 'custody_ingest', 'nobody'),
      ('clearing.announced', '', 'custody_ingest', 'dock'),
      ('clearing.ended', '', 'custody_ingest', 'dock'),
      ('recording.cleared', '', 'custody_ingest', 'dock'),
      ('station.device_checked', '', 'custody_ingest', 'dock'),
      ('station.device_taken', '', 'custody_ingest', 'dock'),
      ('station.emergency_taking', '', 'custody_ingest', 'dock'),
      ('station.clock_set', '', 'custody_ingest', 'dock'),
      ('station.device_unlocked', '', 'custody_ingest', 'dock'),
      ('station.volume_stated', '', 'custody_ingest', 'dock'),
      ('device.card_kept', '', 'custody_ingest', 'dock'),
      ('device.act_asked', '', 'custody_access', 'person'),
      ('device.act_refused', '', 'custody_access', 'person')`.execute(db)
}
