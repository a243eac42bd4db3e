import { type Kysely, sql } from 'kysely'

/**
 * The bytes of an upload that are still too few for a part lie in the bucket `tails` as several objects rather than one: an
 * upload over a weak line adds a small piece each time its connection breaks. `cuts` counts how often it broke.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table upload add column cuts int not null default 0 check (cuts >= 0);
    create table upload_tail (
      upload_id  uuid not null references upload,
      starts_at  bigint not null check (starts_at >= 0),
      bytes      bigint not null check (bytes > 0),
      object_key text not null,
      primary key (upload_id, starts_at)
    );
    insert into upload_tail (upload_id, starts_at, bytes, object_key)
      select id, received_bytes - tail_bytes, tail_bytes, tail_key from upload where tail_key is not null;
    alter table upload drop column tail_key, drop column tail_bytes;

    grant select, insert, delete on upload_tail to custody_ingest;
    grant select, delete on upload_tail to custody_worker;
  `.execute(db)
}
