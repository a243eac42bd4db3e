import { type Kysely, sql } from 'kysely'

/** People, their sessions, the one custodian, the device register and the docks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table person (
      id                   uuid primary key,
      name                 text not null,
      role                 text not null check (role in
                             ('officer', 'custodian', 'auditor', 'legal_reviewer', 'supervisor', 'administrator')),
      account              text not null unique,
      officer_number       text,
      certificate_number   text,
      password_hash        text not null,
      must_change_password boolean not null default true,
      -- Made or reset by the administrator alone: shut until a second person says that it may be used.
      awaits_release       boolean not null default false,
      failed_sign_ins      int not null default 0,
      locked_until         timestamptz,
      disabled_at          timestamptz,
      created_at           timestamptz not null
    );
    create table session (
      token_hash   bytea primary key check (octet_length(token_hash) = 32),
      person_id    uuid not null references person,
      created_at   timestamptz not null,
      last_seen_at timestamptz not null,
      expires_at   timestamptz not null,
      ended_at     timestamptz
    );
    create index session_person on session (person_id) where ended_at is null;

    -- Exactly one custodian at any instant: no two terms overlap, and once there was one there is always one.
    create table custodian_term (
      id         uuid primary key,
      person_id  uuid not null references person,
      started_at timestamptz not null,
      ended_at   timestamptz check (ended_at > started_at),
      constraint one_custodian_at_any_instant exclude using gist (tstzrange(started_at, ended_at) with &&)
    );
    create function require_a_custodian() returns trigger language plpgsql as $$
    begin
      if not exists (select from custodian_term where ended_at is null) then
        raise exception 'a custodian must be in office at any instant: end a term only by starting the next';
      end if;
      return null;
    end $$;
    create constraint trigger always_a_custodian after insert or update or delete on custodian_term
      deferrable initially deferred for each row execute function require_a_custodian();
    create table custodian_handover (
      id                uuid primary key,
      from_person_id    uuid not null references person,
      to_person_id      uuid not null references person,
      reason            text not null,
      absent            boolean not null,
      proposed_by       uuid not null references person,
      proposed_at       timestamptz not null,
      completed_at      timestamptz,
      withdrawn_at      timestamptz
    );
    create unique index one_open_handover on custodian_handover ((true))
      where completed_at is null and withdrawn_at is null;
    create table custodian_handover_signature (
      handover_id uuid not null references custodian_handover,
      person_id   uuid not null references person,
      part        text not null check (part in ('outgoing', 'incoming', 'supervisor', 'legal_office')),
      signed_at   timestamptz not null,
      primary key (handover_id, part),
      unique (handover_id, person_id)
    );

    create table device (
      id            uuid primary key,
      serial        text not null unique,
      kind          text not null check (kind in ('recorder', 'camera', 'audio_pen', 'drone')),
      model         text,
      holder_id     uuid references person,
      state         text not null check (state in ('in_service', 'in_repair', 'retired')),
      registered_at timestamptz not null
    );
    create table dock (
      id            uuid primary key,
      name          text not null,
      token_hash    bytea not null unique check (octet_length(token_hash) = 32),
      public_key    bytea not null check (octet_length(public_key) = 32),
      registered_at timestamptz not null,
      revoked_at    timestamptz
    );
    create table hand_in (
      id            uuid primary key,
      dock_id       uuid not null references dock,
      device_serial text not null,
      list          bytea not null,
      signature     bytea not null check (octet_length(signature) = 64),
      opened_at     timestamptz not null
    );
    create table hand_in_file (
      hand_in_id uuid not null references hand_in,
      number     int not null,
      name       bytea not null,
      bytes      bigint not null,
      sha256     bytea,
      upload_id  uuid,
      primary key (hand_in_id, number)
    );
  `.execute(db)
}
