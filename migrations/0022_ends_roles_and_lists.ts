import { type Kysely, sql } from 'kysely'

/**
 * How each download of a package ended, and how many bytes went out; answers that are still going out, so that one whose
 * process died is ended as well. Refused sign-ins of unknown accounts are counted by address and minute. Assistants
 * (执法辅助人员) exist, and a filing that names fewer than two officers says why.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table package_download
      add column ended_at timestamptz,
      add column ended_why text check (ended_why in ('complete', 'client_gone', 'read_failed', 'service_stopped',
        'session_ended', 'account_shut', 'not_in_office', 'package_expired', 'not_checked')),
      add check ((ended_at is null) = (ended_why is null));
    grant update (ended_at, ended_why) on package_download to custody_access;
    grant update (sent_bytes, ended_at, ended_why) on package_download to custody_worker;

    -- A row is here only while the answer goes out.
    create table download_answer (
      id            uuid primary key,
      download_id   uuid not null references package_download,
      first_byte    bigint not null check (first_byte >= 0),
      last_byte     bigint not null check (last_byte >= first_byte),
      -- As it was last noted, at seen_at.
      sent_bytes    bigint not null default 0 check (sent_bytes >= 0),
      seen_at       timestamptz not null
    );
    create index download_answer_seen on download_answer (seen_at);
    grant select, insert, delete, update (sent_bytes, seen_at) on download_answer to custody_access;
    grant select, delete on download_answer to custody_worker;

    create table unknown_sign_in (
      address       text not null,
      minute        timestamptz not null,
      refusals      integer not null check (refusals >= 1),
      primary key (address, minute)
    );
    grant select, insert, update (refusals) on unknown_sign_in to custody_access;
    grant select, delete on unknown_sign_in to custody_worker;

    alter table case_file
      add column participant_ids uuid[] not null default '{}',
      add column fewer_officers_reason text,
      drop constraint case_file_officer_ids_check,
      add constraint case_file_officer_ids_check
        check (cardinality(officer_ids) >= 2 or fewer_officers_reason is not null);
    alter table case_recording
      add column participant_ids uuid[] not null default '{}',
      add column fewer_officers_reason text,
      drop constraint case_recording_officer_ids_check,
      add constraint case_recording_officer_ids_check
        check (cardinality(officer_ids) >= 2 or fewer_officers_reason is not null);

    -- Adds one word to whatever the constraint lists by now.
    do $$
    declare listed text;
    begin
      select pg_get_constraintdef(oid) into strict listed from pg_constraint
        where conname = 'person_role_check' and conrelid = 'person'::regclass;
      execute 'alter table person drop constraint person_role_check, add constraint person_role_check '
        || replace(listed, ']', ', ''assistant''::text]');
    end $$;
  `.execute(db)
}
