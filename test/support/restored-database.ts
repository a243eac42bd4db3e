import { sql } from 'kysely'
import type { World } from './world.ts'

/** Takes events and tree beyond `size` (at most 256) away, as putting an old backup of the database back does. */
export async function putBackTo(world: World, size: number): Promise<void> {
  await world.asSuperuser(async (db) => {
    await sql`set session_replication_role = replica`.execute(db)
    await sql`delete from cosignature where size > ${size}`.execute(db)
    await sql`delete from witnessed where size > ${size}`.execute(db)
    await sql`delete from checkpoint where size > ${size}`.execute(db)
    await sql`delete from link where leaf_index >= ${size}`.execute(db)
    await sql`delete from leaf where index >= ${size}`.execute(db)
    await sql`delete from event where leaf_index >= ${size}`.execute(db)
    await sql`update tile set hashes = substr(hashes, 1, ${size * 32}::int) where level = 0`.execute(db)
  })
}
