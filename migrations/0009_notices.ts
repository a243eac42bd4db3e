import { type Kysely, sql } from 'kysely'

/**
 * Wakes the loops that wait for work: `notify` on the channel of the table's name, once for each statement, so that no writer
 * can forget it. How it is read, and why events are notified only on request, stands in services/foundation/db/notices.ts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function notify_readers() returns trigger language plpgsql as $$
      begin
        perform pg_notify(tg_table_name, '');
        return null;
      end $$;
    create trigger job_notice after insert or update of run_after on job
      for each statement execute function notify_readers();
    create trigger checkpoint_notice after insert on checkpoint
      for each statement execute function notify_readers();
    create trigger event_archive_batch_notice after insert on event_archive_batch
      for each statement execute function notify_readers();
    create trigger archive_progress_notice after insert or update on archive_progress
      for each statement execute function notify_readers();
    create trigger timestamp_order_notice after insert on timestamp_order
      for each statement execute function notify_readers();

    -- The sequencer holds this lock alone while it wants to be notified. As a condition it costs no call of the function.
    create trigger event_notice after insert on event
      for each statement when (not pg_try_advisory_xact_lock_shared(hashtextextended('event notices', 0)))
      execute function notify_readers();
  `.execute(db)
}
