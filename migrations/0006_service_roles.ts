import { type Kysely, sql } from 'kysely'

/**
 * What each service's login role may do. No service may change or delete an event; only the sequencer may set a leaf's
 * index. The roles themselves are made by deploy/database/roles.sql.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant usage on schema public to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant select on all tables in schema public to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert on event, job to custody_ingest, custody_access, custody_worker, custody_sequencer;
    grant insert, update, delete on lease to custody_ingest, custody_access, custody_worker, custody_sequencer;

    grant update (leaf_index) on event to custody_sequencer;
    grant insert on leaf, link, subject_secret, checkpoint to custody_sequencer;
    grant insert, update on tile to custody_sequencer;

    grant insert, update on upload, recording, copy to custody_ingest;
    grant insert, delete on upload_part to custody_ingest;
    grant insert on hand_in to custody_ingest;
    grant insert, update on hand_in_file to custody_ingest;

    grant insert, update on person, session, custodian_term, custodian_handover, device, dock, party, case_file,
      case_recording, viewing, quarantine_proposal to custody_access;
    grant insert on custodian_handover_signature, viewing_grant, viewing_served to custody_access;
    grant update on recording to custody_access;

    grant update on job, recording to custody_worker;
    grant insert, update on copy, rendition to custody_worker;
    grant insert on rendition_file to custody_worker;
    grant update on viewing, upload to custody_worker;

    revoke select on session from custody_ingest, custody_worker, custody_sequencer;
    revoke select on person from custody_ingest, custody_worker, custody_sequencer;
    grant select (id, name, role, officer_number, certificate_number, disabled_at) on person to custody_ingest, custody_worker;
    -- The worker ends the viewings of sessions that are over.
    grant select (token_hash, person_id, ended_at) on session to custody_worker;
  `.execute(db)
}
