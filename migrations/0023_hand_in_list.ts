import { type Kysely, sql } from 'kysely'

/**
 * Version 2 of a dock's list: what is signed is a head that commits to every line by a root over salted digests, and says
 * where the files came from and who used the device. A recording says how well it is known whose it is. Footage that no
 * dock has signed waits for two people, and so does a dock itself, and
 * a change of who keeps a device.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table hand_in rename column list to head;
    alter table hand_in add column user_id uuid references person;
    alter table hand_in_file add column device_time text;
    alter table hand_in_file add column mark boolean not null;
    alter table hand_in_file add column salt bytea not null check (octet_length(salt) = 32);

    alter table recording add column user_grade text not null default 'unknown'
      check (user_grade in ('confirmed', 'roster', 'register', 'unknown'));
    alter table recording alter column user_grade drop default;

    -- A dock counts once a second person has released it.
    alter table dock add column released_by uuid references person;
    alter table dock add column released_at timestamptz;
    grant update (released_by, released_at) on dock to custody_access;

    -- Who keeps a device changes when that person has confirmed it.
    create table device_keeper_change (
      id             uuid primary key,
      device_id      uuid not null references device,
      from_person_id uuid references person,
      to_person_id   uuid references person check (to_person_id is distinct from from_person_id),
      note           text not null,
      asked_by       uuid not null references person,
      asked_at       timestamptz not null,
      decided_by     uuid references person check (decided_by <> asked_by),
      decided_at     timestamptz,
      confirmed      boolean,
      check ((decided_by is null) = (decided_at is null) and (decided_at is null) = (confirmed is null))
    );
    create unique index one_open_change_a_device on device_keeper_change (device_id) where decided_at is null;
    grant select, insert, update (decided_by, decided_at, confirmed) on device_keeper_change to custody_access;
    grant select on device_keeper_change to custody_worker;

    alter table recording drop constraint recording_quarantine_reason_check;
    alter table recording add constraint recording_quarantine_reason_check
      check (quarantine_reason in ('digest_differs', 'unknown_device', 'retired_device', 'not_listed'));
  `.execute(db)
}
