import { type Kysely, sql } from 'kysely'

/**
 * What each service's login role may do. No service may change or delete an event, or write one with a leaf or a time of
 * commit of its own; only the sequencer may set a leaf's index. Rows of people are changed only in the columns that their
 * acts change: no service can turn a role, a purpose or a stage into another. The roles themselves are made by deploy/database/roles.sql.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant usage on schema public to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant select on all tables in schema public to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert (id, kind, at, body, salt, commitment, subjects) on event
      to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert on job to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert, update, delete on lease to custody_worker, custody_sequencer;

    grant update (leaf_index) on event to custody_sequencer;
    grant insert on leaf, link, subject_secret, checkpoint to custody_sequencer;
    grant insert, update on tile to custody_sequencer;

    grant insert, update on upload to custody_ingest;
    grant insert on recording, copy to custody_ingest;
    grant insert, delete on upload_part to custody_ingest;
    grant insert on hand_in to custody_ingest;
    grant insert, update (upload_id) on hand_in_file to custody_ingest;

    grant insert on person, session, custodian_term, custodian_handover, custodian_handover_signature, device, dock, party,
      case_file, case_recording, viewing, viewing_grant, viewing_served, quarantine_proposal to custody_access;
    grant update (password_hash, must_change_password, awaits_release, failed_sign_ins, locked_until, disabled_at)
      on person to custody_access;
    grant update (last_seen_at, ended_at) on session to custody_access;
    grant update (ended_at) on custodian_term to custody_access;
    grant update (completed_at, withdrawn_at) on custodian_handover to custody_access;
    grant update (holder_id, state) on device to custody_access;
    grant update (revoked_at) on dock to custody_access;
    grant update (detached_at) on case_recording to custody_access;
    grant update (lease_until, ended_at, end_kind) on viewing to custody_access;
    grant update (decided_by, decided_at, confirmed) on quarantine_proposal to custody_access;
    grant update (quarantine_reason, quarantine_ended_at) on recording to custody_access;

    grant update (state, attempts, run_after, published_at, finished_at, last_error) on job to custody_worker;
    grant update (sm3, state, secured_at) on recording to custody_worker;
    grant insert, update on copy, rendition to custody_worker;
    grant insert on rendition_file to custody_worker;
    grant update on upload to custody_worker;
    grant update (ended_at, end_kind) on viewing to custody_worker;

    revoke select on session from custody_ingest, custody_worker, custody_sequencer;
    revoke select on person from custody_ingest, custody_worker, custody_sequencer;
    grant select (id, name, role, officer_number, certificate_number, disabled_at) on person to custody_ingest, custody_worker;
    -- The worker ends the viewings of sessions that are over.
    grant select (token_hash, person_id, ended_at) on session to custody_worker;
  `.execute(db)
}
