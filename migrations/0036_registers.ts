import { type Kysely, sql } from 'kysely'

/**
 * What the registers of hand-ins, devices and clearings rest on. A signed list is one hand-in: its signature is there once for a
 * dock. Where it was sent twice at once before, both stay, as their events do.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      create unique index hand_in_signed on hand_in (dock_id, signature);
    exception when unique_violation then
      create index hand_in_signed on hand_in (dock_id, signature);
    end $$;
  `.execute(db)
}
