import { type Kysely, sql } from 'kysely'

/**
 * Binds what is written into the ledger to the login that writes it and to this server's clock. `event_writer` says which
 * login may write a kind of event in whose name (custody/events/writers.ts has the same list, with the reasons); later
 * migrations add lines of their own. `event_time_rule` says how far an event's time may lie from this server's: 5 s. Only
 * the owner can change it, for tests with a clock of their own, and services do not start with any other value.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table event_writer (
      kind  text not null,
      -- The alarm's word where the kind is alarm.raised, else ''.
      alarm text not null,
      role  text not null,
      actor text not null check (actor ~ '^(any|person|dock|nobody|service:[a-z]+)$'),
      primary key (kind, alarm, role, actor),
      check ((kind = 'alarm.raised') = (alarm <> ''))
    );
    create table event_time_rule (
      only_row     boolean primary key default true check (only_row),
      tolerance_ms bigint not null check (tolerance_ms >= 0)
    );
    insert into event_time_rule (tolerance_ms) values (5000);
    grant select on event_writer, event_time_rule to custody_access, custody_worker;
    -- The sequencer places events and writes none.
    revoke insert on event from custody_sequencer;

    -- The path of search keeps a login's temporary tables from standing in for the ones that are meant.
    create function require_event_writer() returns trigger language plpgsql
      set search_path = pg_catalog, public, pg_temp as $$
    declare
      said json := new.body::json;
      name_of_alarm text := case when new.kind = 'alarm.raised' then coalesce(said->'details'->>'alarm', '') else '' end;
      acted text := case said->>'actorRole' when 'service' then 'service:' || coalesce(said->>'actor', '')
        when 'dock' then 'dock' when 'nobody' then 'nobody' else 'person' end;
      tolerance bigint := (select tolerance_ms from event_time_rule);
      off_ms numeric := round(extract(epoch from new.at - clock_timestamp()) * 1000);
    begin
      if said->>'id' is distinct from new.id::text or said->>'kind' is distinct from new.kind
         or said->>'at' is distinct from to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
         or coalesce(said->>'actor', '') = '' or coalesce(said->>'actorRole', '') = '' then
        raise exception 'event % %: its body does not say the id, kind and time of its row, or not who acted', new.kind, new.id
          using errcode = 'check_violation';
      end if;
      if not exists (select from event_writer writer where writer.kind = new.kind and writer.alarm = name_of_alarm
                     and writer.role = current_user and writer.actor in (acted, 'any')) then
        raise exception '% may not write % in the name of %', current_user, trim(new.kind || ' ' || name_of_alarm), acted
          using errcode = 'insufficient_privilege',
            hint = 'the table event_writer says which login writes which kind of event';
      end if;
      if tolerance is null or abs(off_ms) > tolerance then
        raise exception 'event %: its time lies % ms from the clock of the database, at most % are allowed',
          new.kind, off_ms, coalesce(tolerance, 0)
          using errcode = 'CT001', hint = 'set the clocks of both hosts by the same time server';
      end if;
      return new;
    end $$;
    create trigger event_writer_rule before insert on event for each row execute function require_event_writer();

    -- Least rights of reading. Ingest and the sequencer are named column by column where a table holds more than they need:
    -- ingest reads no body, salt or secret but those of receipts, the sequencer none at all.
    create view receipt_event with (security_barrier) as
      select id, body, salt from event where kind = 'receipt.issued';
    revoke select on all tables in schema public from custody_ingest, custody_sequencer;
    grant select on kysely_migration, event_time_rule to custody_ingest, custody_sequencer;
    grant select on event_writer, receipt_event, setting_version, leaf, tile, checkpoint, cosignature, witnessed, upload, upload_part,
      upload_tail, hand_in, hand_in_file to custody_ingest;
    grant select (id, kind, subjects, committed_at, leaf_index) on event to custody_ingest;
    grant select (store, archived_to) on archive_progress to custody_ingest;
    grant select (recording_id, verified_at) on copy to custody_ingest;
    grant select (recording_id, event_id) on receipt to custody_ingest;
    grant select (id, state, device_serial, sha256, bytes, hand_in_id, quarantine_reason, sealed_at) on recording to custody_ingest;
    grant select (id, name, token_hash, public_key, released_at, revoked_at) on dock to custody_ingest;
    grant select (id, serial, kind, holder_id, state, registered_at) on device to custody_ingest;
    grant select (id, role, officer_number, certificate_number, disabled_at) on person to custody_ingest;
    grant select on lease, leaf, link, subject_secret, tile, checkpoint, cosignature, witnessed to custody_sequencer;
    grant select (id, commitment, subjects, committed_at, leaf_index) on event to custody_sequencer;
    grant select on receipt_event to custody_access;
    revoke select on lease, ledger_copy, event_archive_batch, upload_part, kysely_migration_lock from custody_access;
    revoke select on kysely_migration_lock from custody_worker;

    -- The earlier functions that read tables get the same path of search.
    alter function refuse_rendition_change_by_access() set search_path = pg_catalog, public, pg_temp;
    alter function refuse_supply_change_by_access() set search_path = pg_catalog, public, pg_temp;

    insert into event_writer (kind, alarm, role, actor) values
      ('ledger.setup', '', 'custody_owner', 'service:setup'),
      ('chain.read', '', 'custody_access', 'person'),
      ('proof.read', '', 'custody_access', 'person'),
      ('timestamp.requested', '', 'custody_access', 'person'),
      ('timestamp.requested', '', 'custody_worker', 'service:timestamp'),
      ('courier.exported', '', 'custody_access', 'person'),
      ('courier.imported', '', 'custody_access', 'person'),
      ('fsck.started', '', 'custody_worker', 'service:nightly'),
      ('fsck.started', '', 'custody_owner', 'service:custody'),
      ('fsck.completed', '', 'custody_worker', 'service:nightly'),
      ('fsck.completed', '', 'custody_owner', 'service:custody'),
      ('bureau.recovered', '', 'custody_owner', 'service:recovery'),
      ('person.created', '', 'custody_owner', 'service:recovery'),
      ('person.disabled', '', 'custody_owner', 'service:recovery'),
      ('person.created', '', 'custody_access', 'person'),
      ('person.created', '', 'custody_owner', 'service:setup'),
      ('person.disabled', '', 'custody_access', 'person'),
      ('person.release_stopped', '', 'custody_access', 'person'),
      ('person.opened', '', 'custody_access', 'person'),
      ('person.shut_asked', '', 'custody_access', 'person'),
      ('person.shut_refused', '', 'custody_access', 'person'),
      ('person.released', '', 'custody_access', 'person'),
      ('person.password_changed', '', 'custody_access', 'person'),
      ('person.password_reset', '', 'custody_access', 'person'),
      ('session.opened', '', 'custody_access', 'person'),
      ('session.refused', '', 'custody_access', 'person'),
      ('session.refused', '', 'custody_access', 'nobody'),
      ('session.locked_out', '', 'custody_access', 'person'),
      ('session.ended', '', 'custody_access', 'person'),
      ('access.refused', '', 'custody_ingest', 'dock'),
      ('access.refused', '', 'custody_access', 'person'),
      ('custodian.appointed', '', 'custody_owner', 'service:setup'),
      ('custodian.handover_proposed', '', 'custody_access', 'person'),
      ('custodian.handover_signed', '', 'custody_access', 'person'),
      ('custodian.handover_withdrawn', '', 'custody_access', 'person'),
      ('custodian.handed_over', '', 'custody_access', 'person'),
      ('deputyship.named', '', 'custody_access', 'person'),
      ('deputyship.signed', '', 'custody_access', 'person'),
      ('deputyship.refused', '', 'custody_access', 'person'),
      ('deputyship.ended', '', 'custody_access', 'person'),
      ('notice.seen', '', 'custody_access', 'person'),
      ('device.registered', '', 'custody_access', 'person'),
      ('device.registered', '', 'custody_owner', 'service:setup'),
      ('device.changed', '', 'custody_access', 'person'),
      ('dock.registered', '', 'custody_access', 'person'),
      ('dock.registered', '', 'custody_owner', 'service:setup'),
      ('device.keeper_asked', '', 'custody_access', 'person'),
      ('device.keeper_changed', '', 'custody_access', 'person'),
      ('device.keeper_refused', '', 'custody_access', 'person'),
      ('dock.released', '', 'custody_access', 'person'),
      ('setting.proposed', '', 'custody_access', 'person'),
      ('setting.changed', '', 'custody_access', 'person'),
      ('setting.refused', '', 'custody_access', 'person'),
      ('setting.withdrawn', '', 'custody_access', 'person'),
      ('dock.revoked', '', 'custody_access', 'person'),
      ('hand_in.opened', '', 'custody_ingest', 'dock'),
      ('upload.created', '', 'custody_ingest', 'dock'),
      ('upload.created', '', 'custody_ingest', 'service:ingest'),
      ('upload.refused', '', 'custody_ingest', 'dock'),
      ('upload.terminated', '', 'custody_ingest', 'dock'),
      ('upload.terminated', '', 'custody_ingest', 'service:ingest'),
      ('upload.expired', '', 'custody_worker', 'service:expire'),
      ('recording.sealed', '', 'custody_ingest', 'service:ingest'),
      ('recording.quarantined', '', 'custody_ingest', 'service:ingest'),
      ('recording.duplicate', '', 'custody_ingest', 'service:ingest'),
      ('recording.verified', '', 'custody_worker', 'service:checksum'),
      ('recording.copied', '', 'custody_worker', 'service:copy'),
      ('recording.secured', '', 'custody_worker', 'service:custody'),
      ('recording.damaged', '', 'custody_worker', 'service:checksum'),
      ('recording.damaged', '', 'custody_worker', 'service:copy'),
      ('recording.damaged', '', 'custody_worker', 'service:transcode'),
      ('recording.damaged', '', 'custody_worker', 'service:package'),
      ('recording.inventoried', '', 'custody_worker', 'service:transcode'),
      ('quarantine.proposed', '', 'custody_access', 'person'),
      ('quarantine.resolved', '', 'custody_access', 'person'),
      ('receipt.issued', '', 'custody_worker', 'service:receipt'),
      ('rendition.published', '', 'custody_worker', 'service:transcode'),
      ('rendition.ready', '', 'custody_worker', 'service:transcode'),
      ('rendition.not_playable', '', 'custody_worker', 'service:transcode'),
      ('rendition.preview_published', '', 'custody_worker', 'service:transcode'),
      ('rendition.preview_ended', '', 'custody_worker', 'service:transcode'),
      ('rendition.supply_proposed', '', 'custody_access', 'person'),
      ('rendition.supplied', '', 'custody_access', 'person'),
      ('rendition.supply_refused', '', 'custody_access', 'person'),
      ('rendition.supply_failed', '', 'custody_worker', 'service:transcode'),
      ('party.created', '', 'custody_access', 'person'),
      ('case.opened', '', 'custody_access', 'person'),
      ('recording.attached', '', 'custody_access', 'person'),
      ('recording.detached', '', 'custody_access', 'person'),
      ('viewing.opened', '', 'custody_access', 'person'),
      ('viewing.refused', '', 'custody_access', 'person'),
      ('viewing.renewed', '', 'custody_access', 'person'),
      ('viewing.ended', '', 'custody_access', 'person'),
      ('viewing.ended', '', 'custody_worker', 'service:expire'),
      ('package.requested', '', 'custody_access', 'person'),
      ('package.signed', '', 'custody_access', 'person'),
      ('package.refused', '', 'custody_access', 'person'),
      ('package.built', '', 'custody_worker', 'service:package'),
      ('package.failed', '', 'custody_worker', 'service:package'),
      ('package.download_ended', '', 'custody_access', 'person'),
      ('package.download_ended', '', 'custody_worker', 'service:expire'),
      ('session.refused', '', 'custody_worker', 'nobody'),
      ('package.downloaded', '', 'custody_access', 'person'),
      ('package.expired', '', 'custody_worker', 'service:package'),
      ('alarm.raised', 'rendition_bytes_differ', 'custody_access', 'person'),
      ('alarm.raised', 'rendition_bytes_differ', 'custody_worker', 'service:package'),
      ('alarm.raised', 'rendition_row_differs', 'custody_access', 'person'),
      ('alarm.raised', 'preview_differs', 'custody_worker', 'service:transcode'),
      ('alarm.raised', 'supplied_film_differs', 'custody_worker', 'service:transcode'),
      ('alarm.raised', 'copy_damaged', 'custody_worker', 'service:checksum'),
      ('alarm.raised', 'copy_damaged', 'custody_worker', 'service:copy'),
      ('alarm.raised', 'copy_damaged', 'custody_worker', 'service:transcode'),
      ('alarm.raised', 'copy_damaged', 'custody_worker', 'service:package'),
      ('alarm.raised', 'parts_lost', 'custody_ingest', 'service:ingest'),
      ('alarm.raised', 'timestamp_missing', 'custody_worker', 'service:timestamp'),
      ('alarm.raised', 'witness_disagrees', 'custody_access', 'service:witness'),
      ('alarm.raised', 'witness_disagrees', 'custody_worker', 'service:witness'),
      ('alarm.raised', 'ledger_copy_differs', 'custody_worker', 'service:archive'),
      ('alarm.raised', 'ledger_older_than_store', 'custody_worker', 'service:archive'),
      ('alarm.raised', 'event_differs', 'custody_worker', 'service:archive'),
      ('alarm.raised', 'locks_do_not_hold', 'custody_worker', 'service:canary'),
      ('alarm.raised', 'audit_silent', 'custody_worker', 'service:reconcile'),
      ('alarm.raised', 'unexplained_read', 'custody_worker', 'service:reconcile'),
      ('alarm.raised', 'unexplained_reads_many', 'custody_worker', 'service:reconcile'),
      ('alarm.raised', 'fsck_error', 'custody_worker', 'service:nightly'),
      ('alarm.raised', 'fsck_errors_many', 'custody_worker', 'service:nightly');
  `.execute(db)
}
