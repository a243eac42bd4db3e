import { type Kysely, sql } from 'kysely'

/** A rendition has a track for each picture and sound that can be watched by itself; 0 is the main one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table rendition_file add column track int not null default 0;
    alter table rendition_file drop constraint rendition_file_pkey;
    alter table rendition_file add primary key (rendition_id, track, kind, number);
  `.execute(db)
}
