import { type Kysely, sql } from 'kysely'

/**
 * A file that was handed in anew gets the receipt of its recording once all three copies were read again: the job `reread` of
 * its upload, which the first of them get here, and the event `recording.read_again`. A dock is given that event beside the
 * receipt, so ingest may read it as it may read receipts. What was announced for removal and stayed has an event of its own:
 * `recording.not_cleared`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace view receipt_event with (security_barrier) as
      select id, body, salt from event where kind in ('receipt.issued', 'recording.read_again');
    insert into event_writer (kind, alarm, role, actor) values
      ('recording.read_again', '', 'custody_worker', 'service:checksum'),
      ('recording.not_cleared', '', 'custody_ingest', 'dock');
    insert into job (id, name, subject_id, run_after, created_at)
      select gen_random_uuid(), 'reread', upload.id, now(), now() from upload
      where upload.state = 'duplicate' and upload.completed_at is not null and exists (
        select from copy where copy.recording_id = upload.recording_id
          and (copy.verified_at is null or copy.verified_at < upload.completed_at));
  `.execute(db)
}
