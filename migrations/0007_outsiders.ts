import { type Kysely, sql } from 'kysely'

/** What outsiders need: cosignatures, time-stamps, receipts, the ledger's copies in the stores, packages, reads to explain. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table cosignature (
      size        bigint not null references checkpoint,
      name        text not null,
      key_id      bigint not null check (key_id between 0 and 4294967295),
      -- The signature line as the witness gave it, with its newline.
      line        text not null,
      -- What the witness states.
      signed_at   timestamptz not null,
      received_at timestamptz not null,
      primary key (size, name, key_id)
    );
    create trigger cosignature_append_only before update or delete on cosignature
      for each row execute function refuse_history_change();

    -- Checkpoints whose cosignatures meet the policy's quorum: what "witnessed" means is decided once, when it comes true.
    create table witnessed (
      size bigint primary key references checkpoint,
      at   timestamptz not null
    );
    create trigger witnessed_append_only before update or delete on witnessed
      for each row execute function refuse_history_change();

    -- How the talk with each witness stands: progress, no history.
    create table witness_contact (
      name        text primary key,
      last_size   bigint not null default 0,
      last_ok_at  timestamptz,
      last_try_at timestamptz,
      last_error  text,
      -- What it says against this log; null when nothing. The event about it is written when the time below is set.
      alarm       text,
      alarmed_at  timestamptz
    );

    create table timestamp_order (
      id           uuid primary key,
      size         bigint not null references checkpoint,
      reason       text not null check (reason in ('daily', 'demand', 'package')),
      requested_by uuid references person,
      requested_at timestamptz not null
    );
    create table timestamp_token (
      size        bigint not null references checkpoint,
      authority   text not null,
      -- TimeStampResp, DER.
      response    bytea not null,
      stamped_at  timestamptz not null,
      received_at timestamptz not null,
      primary key (size, authority)
    );
    create trigger timestamp_token_append_only before update or delete on timestamp_token
      for each row execute function refuse_history_change();
    create table timestamp_attempt (
      order_id  uuid not null references timestamp_order,
      authority text not null,
      attempts  int not null default 0,
      run_after timestamptz not null,
      done_at   timestamptz,
      last_error text,
      -- When it was last said aloud that this one does not come.
      alarmed_at timestamptz,
      primary key (order_id, authority)
    );
    create index timestamp_attempt_undone on timestamp_attempt (run_after) where done_at is null;

    create table receipt (
      recording_id uuid primary key references recording,
      event_id     uuid not null unique references event,
      issued_at    timestamptz not null
    );
    -- Recordings that are secured and have no receipt yet: work to do, no history.
    create table receipt_due (
      recording_id uuid primary key references recording
    );
    insert into receipt_due select id from recording where state = 'secured';

    -- Objects of the ledger (tiles, checkpoints, archived events and their keys) that lie on a store.
    create table ledger_copy (
      store        text not null check (store in ('primary', 'backup-a', 'backup-b')),
      object_key   text not null,
      version_id   text not null,
      sha256       bytea not null check (octet_length(sha256) = 32),
      bytes        bigint not null check (bytes >= 0),
      retain_until timestamptz,
      stored_at    timestamptz not null,
      primary key (store, object_key)
    );
    -- Events of the leaves first .. first + count - 1, archived together, under the checkpoint of size first + count.
    create table event_archive_batch (
      first      bigint primary key check (first >= 0),
      count      int not null check (count > 0),
      -- With it go the partial tiles of that size: the whole tree as it was then.
      with_partial_tiles boolean not null,
      created_at timestamptz not null
    );
    -- What cannot be made a second time byte by byte (it is encrypted, or cosigned later), until all stores have it.
    create table archive_object (
      object_key  text primary key,
      batch_first bigint not null references event_archive_batch,
      bytes       bytea not null
    );
    create index archive_object_batch on archive_object (batch_first);
    -- Every leaf below archived_to lies on the store, with its event, its keys, and the tiles that were full by then.
    create table archive_progress (
      store       text primary key check (store in ('primary', 'backup-a', 'backup-b')),
      archived_to bigint not null check (archived_to >= 0)
    );
    -- The key that a subject's events are archived under. Its erasure erases them.
    create table archive_key (
      subject    text primary key,
      key        bytea not null check (octet_length(key) = 32),
      created_at timestamptz not null
    );

    create table package (
      id              uuid primary key,
      case_id         uuid not null references case_file,
      with_footage    boolean not null,
      purpose         text not null check (purpose <> ''),
      recipient_name  text,
      recipient_organisation text,
      -- An age recipient (age1…): the package is encrypted to it.
      recipient_key   text,
      requested_by    uuid not null references person,
      requested_at    timestamptz not null,
      state           text not null check (state in ('awaiting_signature', 'queued', 'building', 'ready', 'refused', 'failed', 'expired')),
      decided_by      uuid references person,
      decided_at      timestamptz,
      bytes_done      bigint not null default 0,
      bytes_total     bigint,
      checkpoint_size bigint,
      -- The upload of the run that builds it now: a run that finds another one here was replaced.
      multipart_id    text,
      object_key      text,
      version_id      text,
      bytes           bigint,
      sha256          bytea check (octet_length(sha256) = 32),
      failure         text,
      ready_at        timestamptz,
      expires_at      timestamptz,
      check (not with_footage or recipient_name is not null),
      check (decided_by is distinct from requested_by)
    );
    create index package_case on package (case_id);
    -- Each begun with its own event; sent_bytes is progress.
    create table package_download (
      id           uuid primary key,
      package_id   uuid not null references package,
      person_id    uuid not null references person,
      session_hash bytea not null,
      event_id     uuid not null unique references event,
      started_at   timestamptz not null,
      sent_bytes   bigint not null default 0
    );
    create index package_download_package on package_download (package_id);

    -- What a store says was read from it; each is explained by an act in the ledger, or is an alarm.
    create table store_read (
      store        text not null check (store in ('primary', 'backup-a', 'backup-b')),
      request_id   text not null,
      -- The store's name of the call: GetObject; any other that gives bytes away is never explained.
      api          text not null,
      -- By the store's clock; at is when the last byte had gone.
      started_at   timestamptz not null,
      at           timestamptz not null,
      credential   text not null,
      bucket       text not null,
      object_key   text not null,
      version_id   text,
      bytes        bigint not null,
      -- The act and its id, such as viewing:<id of viewing_served>; null when nothing explains it.
      explained_by text,
      alarm_id     uuid references event,
      judged_at    timestamptz,
      primary key (store, request_id)
    );
    create index store_read_unjudged on store_read (at) where judged_at is null;
    create index store_read_object on store_read (object_key, store, at);
    create index store_read_alarm on store_read (store, credential, at) where alarm_id is not null;
    create index store_read_explained on store_read (explained_by, object_key) where explained_by is not null;
    -- Reads are told by the object's key.
    create index upload_object_key on upload (object_key);
    create index copy_object_key on copy (object_key);
    create index rendition_file_object_key on rendition_file (object_key);
    create index viewing_served_at on viewing_served (served_at);
    create index job_subject on job (subject_id);
    -- How far a store's reports were held against the reads that we know of, and since when they lack some.
    create table store_audit (
      store        text primary key check (store in ('primary', 'backup-a', 'backup-b')),
      checked_to   timestamptz not null,
      silent_since timestamptz
    );

    -- Errors that the nightly check found: each is an alarm once, until it is gone and comes again.
    create table fsck_finding (
      id         uuid primary key,
      check_code text not null,
      subject    text not null,
      problem    text not null,
      -- Null where so many came at once that one alarm stands for all.
      alarm_id   uuid references event,
      found_at   timestamptz not null,
      gone_at    timestamptz
    );
    create unique index fsck_finding_open on fsck_finding (check_code, subject) where gone_at is null;

    -- The viewing began while the newest witnessed checkpoint was older than the setting allows; null when it was not.
    alter table viewing add column unwitnessed_since timestamptz;

    grant select on cosignature, witnessed, witness_contact, timestamp_order, timestamp_token, timestamp_attempt, receipt, receipt_due,
      ledger_copy, event_archive_batch, archive_progress, package, package_download
      to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert on cosignature, witnessed to custody_worker, custody_access;
    grant insert, update on witness_contact to custody_worker, custody_access;
    grant insert on timestamp_order, timestamp_attempt to custody_worker, custody_access;
    grant update on timestamp_attempt to custody_worker;
    grant insert on timestamp_token to custody_worker;
    grant insert, delete on receipt_due to custody_worker;
    grant insert on receipt, ledger_copy, event_archive_batch to custody_worker;
    grant select, insert on archive_key to custody_worker;
    grant select, insert, delete on archive_object to custody_worker;
    grant insert, update on archive_progress to custody_worker;
    grant insert on package, package_download to custody_access;
    grant update (sent_bytes) on package_download to custody_access;
    grant update (state, decided_by, decided_at) on package to custody_access;
    grant update (state, bytes_done, bytes_total, checkpoint_size, multipart_id, object_key, version_id, bytes, sha256, failure, ready_at,
      expires_at) on package to custody_worker;
    grant select, insert on store_read to custody_worker;
    grant update (explained_by, alarm_id, judged_at) on store_read to custody_worker;
    grant select, insert, update on store_audit to custody_worker;
    grant select, insert on fsck_finding to custody_worker;
    grant update (gone_at) on fsck_finding to custody_worker;
    -- The nightly check holds people's rows against their events too.
    grant select (account, awaits_release, created_at) on person to custody_worker;
  `.execute(db)
}
