import { sql } from 'kysely'
import type { Test } from 'tap'
import type { World } from '../../support/world.ts'

/** What somebody does, and the call that does it. */
export type Act = readonly [name: string, call: () => Promise<{ status: number }>]

/** What may move without an event: leases, when a session was last used, and the sequencer's work on earlier events. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  checkpoint: ['*'],
  leaf: ['*'],
  link: ['*'],
  subject_secret: ['*'],
  tile: ['*'],
  event: ['leaf_index'],
  lease: ['*'],
  session: ['last_seen_at'],
  person: ['failed_sign_ins'],
}

/** Each act fails and changes no row while no event can be written, and succeeds and changes something when one can. */
export async function checkActs(t: Test, world: World, acts: readonly Act[]): Promise<void> {
  await forbidEvents(world, true)
  for (const [name, act] of acts) {
    const before = await everyRow(world)
    const { status } = await act()
    t.ok(status >= 500, `${name}: without its event it fails (${status})`)
    t.same(await everyRow(world), before, `${name}: and nothing has changed`)
  }
  await forbidEvents(world, false)
  for (const [name, act] of acts) {
    const before = await everyRow(world)
    const { status } = await act()
    t.ok(status >= 200 && status < 300, `${name}: with its event it succeeds (${status})`)
    t.notSame(await everyRow(world), before, `${name}: and something has changed`)
  }
}

/** Makes the database refuse every new event, as a full disk or a missing right would. */
async function forbidEvents(world: World, forbidden: boolean): Promise<void> {
  await world.asSuperuser(async (db) => {
    await sql`create or replace function forbid_event() returns trigger language plpgsql as
      $$ begin raise exception 'no event can be written'; end $$`.execute(db)
    if (forbidden) {
      await sql`create trigger forbid_event before insert on event for each row execute function forbid_event()`.execute(
        db,
      )
    } else {
      await sql`drop trigger forbid_event on event`.execute(db)
    }
  })
}

/** Every row of every table, without what may move on its own. */
async function everyRow(world: World): Promise<Record<string, string[]>> {
  return world.asSuperuser(async (db) => {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(db)
    const found: Record<string, string[]> = {}
    for (const { name } of tables) {
      const left = exempt[name] ?? []
      if (left.includes('*')) continue
      const { rows } = await sql<{ row: string }>`
        select (to_jsonb(t) - ${left}::text[])::text as row from ${sql.table(name)} t order by 1`.execute(db)
      found[name] = rows.map(({ row }) => row)
    }
    return found
  })
}
