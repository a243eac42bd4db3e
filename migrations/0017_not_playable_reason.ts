import { type Kysely, sql } from 'kysely'

/** Why nothing of a recording can be played, as a word beside the sentence: the page says it in its reader's language. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table rendition add column why text check (why in
      ('empty', 'zeros', 'text', 'playlist', 'document', 'archive', 'program', 'database', 'disk_image', 'camera_raw',
       'animated_picture', 'still_without_tool', 'still_not_decodable', 'vendor_format', 'encrypted', 'unknown',
       'undecodable', 'beyond_limit', 'no_picture_or_sound'));
  `.execute(db)
}
