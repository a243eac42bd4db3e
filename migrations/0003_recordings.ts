import { type Kysely, sql } from 'kysely'

/** Uploads in progress, recordings, their copies and renditions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table upload (
      id                 uuid primary key,
      dock_id            uuid references dock,
      hand_in_id         uuid references hand_in,
      device_serial      text not null,
      name               bytea not null check (octet_length(name) between 1 and 1024),
      -- Upload-Metadata as the client wrote it: tus wants it back in every answer to HEAD.
      metadata           text,
      bytes              bigint not null check (bytes >= 0),
      received_bytes     bigint not null default 0 check (received_bytes between 0 and bytes),
      mark               boolean not null,
      device_time        timestamptz,
      clock_offset_ms    bigint,
      declared_sha256    bytea check (octet_length(declared_sha256) = 32),
      sha256             bytea check (octet_length(sha256) = 32),
      state              text not null check (state in
                           ('receiving', 'complete', 'sealed', 'quarantined', 'duplicate', 'terminated', 'expired')),
      object_key         text not null,
      multipart_id       text,
      part_bytes         bigint not null,
      version_id         text,
      tail_key           text,
      tail_bytes         bigint not null default 0,
      lease_holder       uuid,
      lease_until        timestamptz,
      release_requested  boolean not null default false,
      recording_id       uuid,
      created_at         timestamptz not null,
      last_byte_at       timestamptz,
      completed_at       timestamptz,
      expires_at         timestamptz not null
    );
    create index upload_unfinished on upload (state, expires_at) where state in ('receiving', 'complete');
    create index upload_lease on upload (lease_holder) where lease_holder is not null;
    create table upload_part (
      upload_id uuid not null references upload,
      number    int not null check (number between 1 and 10000),
      bytes     bigint not null check (bytes > 0),
      etag      text not null,
      primary key (upload_id, number)
    );

    create table recording (
      id                uuid primary key,
      dock_id           uuid references dock,
      hand_in_id        uuid references hand_in,
      device_id         uuid references device,
      device_serial     text not null,
      officer_id        uuid references person,
      name              bytea not null,
      name_parsed       jsonb,
      media_kind        text not null check (media_kind in ('video', 'audio', 'still', 'document', 'unknown')),
      bytes             bigint not null check (bytes >= 0),
      sha256            bytea not null check (octet_length(sha256) = 32),
      sm3               bytea check (octet_length(sm3) = 32),
      mark              boolean not null,
      device_time       timestamptz,
      clock_offset_ms   bigint,
      corrected_time    timestamptz,
      flags             text[] not null default '{}',
      state             text not null check (state in ('sealed', 'secured', 'damaged')),
      quarantine_reason text,
      quarantine_ended_at timestamptz,
      sealed_at         timestamptz not null,
      secured_at        timestamptz
    );
    -- The same file again is the first recording's id, never a second copy.
    create unique index recording_once on recording (device_serial, sha256, bytes) where quarantine_reason is null;
    create index recording_sealed_at on recording (sealed_at desc, id desc);
    create index recording_officer on recording (officer_id, sealed_at desc);
    create index recording_quarantine on recording (sealed_at) where quarantine_reason is not null
      and quarantine_ended_at is null;
    alter table upload add foreign key (recording_id) references recording;

    create table copy (
      recording_id uuid not null references recording,
      store        text not null check (store in ('primary', 'backup-a', 'backup-b')),
      object_key   text not null,
      version_id   text not null,
      host_name    text not null,
      state        text not null check (state in ('stored', 'verified', 'damaged')),
      retain_until timestamptz not null,
      legal_hold   boolean not null,
      stored_at    timestamptz not null,
      verified_at  timestamptz,
      primary key (recording_id, store)
    );

    create table quarantine_proposal (
      id           uuid primary key,
      recording_id uuid not null references recording,
      outcome      text not null check (outcome in ('accept', 'keep_apart')),
      reason       text not null,
      proposed_by  uuid not null references person,
      proposed_at  timestamptz not null,
      decided_by   uuid references person check (decided_by <> proposed_by),
      decided_at   timestamptz,
      confirmed    boolean
    );
    create unique index one_open_proposal on quarantine_proposal (recording_id) where decided_at is null;

    create table rendition (
      id           uuid primary key,
      recording_id uuid not null references recording,
      state        text not null check (state in ('running', 'ready', 'not_playable', 'abandoned')),
      kind         text check (kind in ('video', 'audio', 'still')),
      method       text check (method in ('remux', 'transcode', 'copy')),
      tool         text,
      flags        text[],
      input_sha256 bytea,
      probe        jsonb,
      codecs       text,
      duration_ms  bigint,
      reason       text,
      started_at   timestamptz not null,
      ended_at     timestamptz
    );
    create unique index one_current_rendition on rendition (recording_id) where state in ('running', 'ready', 'not_playable');
    create table rendition_file (
      rendition_id uuid not null references rendition,
      kind         text not null check (kind in ('init', 'segment', 'thumbnail', 'still')),
      number       int not null check (number >= 0),
      start_ms     bigint not null,
      duration_ms  bigint not null,
      bytes        bigint not null,
      content_type text not null,
      sha256       bytea not null check (octet_length(sha256) = 32),
      object_key   text not null,
      version_id   text not null,
      event_id     uuid not null references event,
      primary key (rendition_id, kind, number)
    );
  `.execute(db)
}
