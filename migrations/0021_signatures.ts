import { type Kysely, sql } from 'kysely'

/**
 * What stands beside a signature. A setting that is accepted late holds from then on, not from the earlier time that its
 * proposal names: deciding may move the time forward. Sessions know where they were opened, and act_seat where each person
 * with an office acted from on a matter that needs two: by it a second signature from the same seat is recognised (同机签署).
 * A deputyship lets one person act in a supervisor's place for a time. notice_seen holds what people have acknowledged.
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
    grant select (event_id, same_person_id) on act_seat to custody_worker;

    alter table person drop constraint person_role_check;
    alter table person add constraint person_role_check check (role in
      ('officer', 'custodian', 'auditor', 'legal_reviewer', 'supervisor', 'deputy', 'administrator'));
    create table deputyship (
      id            uuid primary key,
      supervisor_id uuid not null references person,
      deputy_id     uuid not null references person check (deputy_id <> supervisor_id),
      reason        text not null,
      starts_at     timestamptz not null,
      -- 90 days in hours, so that no time zone counts.
      ends_at       timestamptz not null check (ends_at > starts_at and ends_at <= starts_at + interval '2160 hours'),
      named_at      timestamptz not null,
      state         text not null check (state in ('named', 'signed', 'refused', 'ended')),
      decided_by    uuid references person,
      decided_at    timestamptz,
      ended_by      uuid references person,
      ended_at      timestamptz,
      check (decided_by is distinct from supervisor_id and decided_by is distinct from deputy_id),
      check ((decided_by is null) = (decided_at is null) and (ended_by is null) = (ended_at is null)),
      check ((state = 'ended') = (ended_at is not null)),
      check (state not in ('signed', 'refused') or decided_at is not null)
    );
    create index deputyship_deputy on deputyship (deputy_id) where state in ('named', 'signed');
    create index deputyship_supervisor on deputyship (supervisor_id) where state in ('named', 'signed');
    grant select, insert on deputyship to custody_access;
    grant select on deputyship to custody_worker;
    grant update (state, decided_by, decided_at, ended_by, ended_at) on deputyship to custody_access;

    create table notice_seen (
      person_id uuid not null references person,
      notice_id text not null,
      seen_at   timestamptz not null,
      primary key (person_id, notice_id)
    );
    grant select, insert on notice_seen to custody_access;
    grant select on notice_seen to custody_worker;
  `.execute(db)
}
