import { sql } from 'kysely'
import type { Db, Trx } from '../../../foundation/db/database.ts'
import { growTiles, partialTiles } from '../../format/tiles.ts'
import { readStoredTiles } from './stored-tiles.ts'

/** A signed tree, and the leaves it has beyond the last one that was published. */
export interface SignedTree {
  readonly oldSize: number
  readonly leafHashes: readonly Buffer[]
  readonly size: number
  readonly root: Buffer
  readonly note: string
  readonly at: Date
}

/**
 * Steps 3 and 4. Applies the signed leaves to the tiles and publishes the checkpoint, in one transaction: a reader never
 * sees a checkpoint whose tiles are missing. Doing it again changes nothing.
 */
export async function publish(db: Db, tree: SignedTree): Promise<void> {
  await db.transaction().execute((trx) => publishIn(trx, tree))
}

/** The same in the caller's transaction. */
export async function publishIn(trx: Trx, tree: SignedTree): Promise<void> {
  const partial = await readStoredTiles(trx, partialTiles(tree.oldSize))
  const grown = growTiles({ oldSize: tree.oldSize, leafHashes: tree.leafHashes, partial })
  await writeTiles(
    trx,
    grown.map(({ tile, bytes }) => ({ level: tile.level as number, index: tile.index, bytes })),
  )
  await trx
    .insertInto('checkpoint')
    .values({ size: tree.size, root: tree.root, note: tree.note, at: tree.at })
    .onConflict((conflict) => conflict.column('size').doNothing())
    .execute()
}

/** A tile only ever grows to the right: a longer one that begins with the stored bytes replaces it, nothing else does. */
async function writeTiles(trx: Trx, tiles: readonly { level: number; index: number; bytes: Buffer }[]): Promise<void> {
  await sql`
    insert into tile (level, index, hashes)
    select * from unnest(${tiles.map((t) => t.level)}::int[], ${tiles.map((t) => t.index)}::bigint[],
      ${tiles.map((t) => t.bytes)}::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes
      where octet_length(excluded.hashes) > octet_length(tile.hashes)
        and substr(excluded.hashes, 1, octet_length(tile.hashes)) = tile.hashes`.execute(trx)
}
