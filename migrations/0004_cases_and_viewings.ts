import { type Kysely, sql } from 'kysely'

/** Parties and their cases, which recordings belong to them, and every viewing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table party (
      id         uuid primary key,
      kind       text not null check (kind in ('household', 'shop', 'company', 'person')),
      name       text not null,
      code       text unique,
      address    text,
      created_at timestamptz not null
    );
    create table case_file (
      id             uuid primary key,
      number         text not null unique,
      kind           text not null check (kind in ('inspection', 'simple', 'general', 'no_penalty')),
      title          text not null,
      party_id       uuid not null references party,
      departments    text[] not null check (cardinality(departments) >= 1),
      officer_ids    uuid[] not null check (cardinality(officer_ids) >= 2),
      outside_number text,
      opened_at      timestamptz not null
    );
    create index case_party on case_file (party_id);
    create table case_recording (
      id           uuid primary key,
      case_id      uuid not null references case_file,
      recording_id uuid not null references recording,
      stage        text not null check (stage in
                     ('initiation', 'investigation', 'review', 'decision', 'service', 'enforcement')),
      officer_ids  uuid[] not null check (cardinality(officer_ids) >= 2),
      attached_by  uuid not null references person,
      attached_at  timestamptz not null,
      detached_at  timestamptz
    );
    create unique index attached_once on case_recording (case_id, recording_id) where detached_at is null;
    create index case_recording_recording on case_recording (recording_id);

    create table viewing (
      id           uuid primary key,
      recording_id uuid not null references recording,
      rendition_id uuid not null references rendition,
      person_id    uuid not null references person,
      session_hash bytea not null,
      purpose      text not null,
      case_id      uuid references case_file,
      opened_at    timestamptz not null,
      lease_until  timestamptz not null,
      ended_at     timestamptz,
      end_kind     text check (end_kind in ('closed', 'expired', 'lost'))
    );
    create index viewing_open on viewing (lease_until) where ended_at is null;
    create index viewing_recording on viewing (recording_id, opened_at desc);
    create table viewing_grant (
      viewing_id uuid not null references viewing,
      number     int not null,
      from_ms    bigint not null,
      to_ms      bigint not null check (to_ms > from_ms),
      event_id   uuid not null references event,
      granted_at timestamptz not null,
      primary key (viewing_id, number)
    );
    create table viewing_served (
      id         uuid primary key,
      viewing_id uuid not null references viewing,
      kind       text not null check (kind in ('init', 'segment', 'thumbnail', 'still')),
      number     int not null,
      from_ms    bigint not null,
      to_ms      bigint not null,
      bytes      bigint not null,
      sha256     bytea not null,
      served_at  timestamptz not null
    );
    create index viewing_served_viewing on viewing_served (viewing_id);
  `.execute(db)
}
