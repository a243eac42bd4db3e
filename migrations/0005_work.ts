import { type Kysely, sql } from 'kysely'

/** The outbox of background jobs, and the leases of loops that must run once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table job (
      id           uuid primary key,
      name         text not null,
      subject_id   uuid not null,
      state        text not null default 'pending' check (state in ('pending', 'done')),
      attempts     int not null default 0,
      run_after    timestamptz not null,
      published_at timestamptz,
      last_error   text,
      created_at   timestamptz not null,
      finished_at  timestamptz
    );
    create unique index job_pending_once on job (name, subject_id) where state = 'pending';
    create index job_to_publish on job (run_after) where state = 'pending';
    create table lease (
      name   text primary key,
      holder uuid not null,
      until  timestamptz not null
    );
  `.execute(db)
}
