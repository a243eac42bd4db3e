import { type Kysely, sql } from 'kysely'

/**
 * When the dock signed a list, by its head: the order in which a device was handed in, for what a dock kept while it was offline
 * comes later. When the list came where an old head does not say a time. A gap that such a list explains is withdrawn.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table hand_in add column signed_at timestamptz;
    update hand_in set signed_at = coalesce((substring(convert_from(head, 'UTF8')::jsonb ->> 'openedAt' from
      '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)$'))::timestamptz, opened_at);
    alter table hand_in alter column signed_at set not null;
    create index hand_in_numbered on hand_in (device_serial, signed_at desc) where running_number is not null;

    alter table gap drop constraint gap_state_check;
    alter table gap add constraint gap_state_check
      check (state in ('open', 'explained', 'accepted', 'returned', 'withdrawn'));
    drop index gap_undecided;
    create index gap_undecided on gap (due_at) where state not in ('accepted', 'withdrawn');
    grant update (state) on gap to custody_worker;
    insert into event_writer (kind, alarm, role, actor) values ('gap.withdrawn', '', 'custody_worker', 'service:expire');
  `.execute(db)
}
