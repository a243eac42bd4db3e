import { type Kysely, sql } from 'kysely'

/**
 * Version 2 of a dock's list: what is signed is a head that commits to every line by a root over salted digests, and says
 * where the files came from and who used the device. A recording says how well it is known whose it is. Footage that no
 * dock has signed waits for two people, and so does a dock itself.
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

    alter table recording drop constraint recording_quarantine_reason_check;
    alter table recording add constraint recording_quarantine_reason_check
      check (quarantine_reason in ('digest_differs', 'unknown_device', 'retired_device', 'not_listed'));
  `.execute(db)
}
