import { type Kysely, sql } from 'kysely'

/**
 * A clearing whose dock will never say how it ended is given up by two people: what became of each file is then
 * `outcome_unknown`, until that dock says it after all. Wrong dock codes of a day are limited for each dock, until somebody lifts that.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table clearing_giving_up (
      id          uuid primary key,
      clearing_id uuid not null references clearing,
      reason      text not null,
      asked_by    uuid not null references person,
      asked_at    timestamptz not null,
      decided_by  uuid references person,
      decided_at  timestamptz,
      confirmed   boolean,
      check ((decided_by is null) = (decided_at is null)),
      check ((decided_by is null) = (confirmed is null))
    );
    create unique index one_open_giving_up_a_clearing on clearing_giving_up (clearing_id) where decided_at is null;
    create index giving_up_of_clearing on clearing_giving_up (clearing_id);
    alter table clearing add column given_up_at timestamptz;

    alter table clearing_file drop constraint clearing_file_outcome_check;
    alter table clearing_file add constraint clearing_file_outcome_check
      check (outcome in ('cleared', 'gone', 'digest_differs', 'not_removed', 'kept', 'outcome_unknown'));
    -- Its dock has the last word on such a file: nothing is announced of it anew before.
    drop index one_clearing_a_file;
    create unique index one_clearing_a_file on clearing_file (hand_in_id, number)
      where outcome is null or outcome in ('cleared', 'outcome_unknown');

    grant select, insert, update (decided_by, decided_at, confirmed) on clearing_giving_up to custody_access;
    grant select on clearing_giving_up to custody_worker;
    grant update (given_up_at) on clearing to custody_access;
    grant update (outcome) on clearing_file to custody_access;
    create table dock_code_lift (
      event_id  uuid primary key references event,
      dock_id   uuid not null references dock,
      lifted_by uuid not null references person,
      lifted_at timestamptz not null
    );
    create index code_lift_of_dock on dock_code_lift (dock_id, lifted_at);
    grant select on dock_code_lift to custody_ingest, custody_worker;
    grant select, insert on dock_code_lift to custody_access;

    insert into event_writer (kind, alarm, role, actor) values
      ('clearing.giving_up_asked', '', 'custody_access', 'person'),
      ('clearing.given_up', '', 'custody_access', 'person'),
      ('clearing.giving_up_refused', '', 'custody_access', 'person'),
      ('recording.not_cleared', '', 'custody_access', 'person'),
      ('identity.limit_lifted', '', 'custody_access', 'person'),
      ('station.device_kept', '', 'custody_ingest', 'dock');
  `.execute(db)
}
