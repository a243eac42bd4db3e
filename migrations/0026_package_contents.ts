import { type Kysely, sql } from 'kysely'

/**
 * The event `package.contents`, which binds the files of an evidence package before its last checkpoint. The index finds the
 * acts of registers that were written before registers had subjects of their own: few among the many events that name a
 * person.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into event_writer (kind, alarm, role, actor) values
      ('package.contents', '', 'custody_worker', 'service:package');
    create index event_register_act on event using gin (subjects)
      where kind ~ '^(person|device|dock|custodian)[.]' or kind = 'hand_in.opened';
  `.execute(db)
}
