import { type Kysely, sql } from 'kysely'

/** Somebody's own telephone (本人手机) is a device of the register too: its recordings say what they were made with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table device drop constraint device_kind_check;
    alter table device add constraint device_kind_check
      check (kind in ('recorder', 'camera', 'audio_pen', 'drone', 'phone'));
  `.execute(db)
}
