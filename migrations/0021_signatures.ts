import { type Kysely, sql } from 'kysely'

/**
 * What stands beside a signature. A setting that is accepted late holds from then on, not from the earlier time that its
 * proposal names: deciding may move the time forward. Sessions know where they were opened, and act_seat where each person
 * with an office acted from on a matter that needs two: by it a second signature from the same seat is recognised (同机签署).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    grant update (valid_from) on setting_version to custody_access;

    alter table session add address text, add browser_mark bytea check (octet_length(browser_mark) = 32);
    create table act_seat (
      -- The event of the act; its own columns are not repeated here.
      event_id       uuid primary key,
      -- The event that put the matter up: what makes several acts one.
      matter_id      uuid not null,
      person_id      uuid not null references person,
      acted_at       timestamptz not null,
      address        text not null,
      browser_mark   bytea check (octet_length(browser_mark) = 32),
      -- Whom the act's event names as having acted from the same seat shortly before.
      same_person_id uuid references person
    );
    create index act_seat_matter on act_seat (matter_id, acted_at);
    create index act_seat_marked on act_seat (person_id, same_person_id) where same_person_id is not null;
    grant select, insert on act_seat to custody_access;
  `.execute(db)
}
