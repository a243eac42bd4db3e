import { type Kysely, sql } from 'kysely'

/** Where an envelope with a spare code is kept, and its seal, are told apart from the register of accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into event_writer (kind, alarm, role, actor) values ('spare.placed', '', 'custody_access', 'person')`.execute(
    db,
  )
}
