import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { consistencyProof, inclusionProof, nodesForInclusion } from '../format/merkle.ts'
import { encodeProof } from '../format/proof.ts'
import { readerOfTiles, tilesOfNodes } from '../format/tiles.ts'
import { consistencyReader, readStoredTiles } from './sequence/stored-tiles.ts'
import type { PublishedCheckpoint } from './witnessed.ts'

/**
 * The proof of one leaf against exactly this checkpoint as text, c2sp.org/tlog-proof: "After the inclusion proof lines and
 * an empty line, the checkpoint … is included verbatim". One query for the tiles on the leaf's path.
 *
 * @throws not_found when the checkpoint does not cover the leaf, log_forked when a stored tile is missing or cut
 */
export async function tlogProof(
  db: Db,
  index: number,
  checkpoint: Pick<PublishedCheckpoint, 'size' | 'note'>,
): Promise<string> {
  const { size } = checkpoint
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new Fault('not_found', `the checkpoint of ${size} leaves does not cover the leaf ${index}`)
  }
  const tiles = await readStoredTiles(db, tilesOfNodes(nodesForInclusion(index, size), size))
  const hashes = inclusionProof(index, size, readerOfTiles(size, tiles))
  return encodeProof({ index, hashes, checkpoint: checkpoint.note })
}

/**
 * The proof that the tree of `newSize` leaves begins with the tree of `oldSize`, RFC 6962 §2.1.2. Empty for equal sizes and
 * from the empty tree.
 *
 * @throws malformed when `oldSize` is beyond `newSize`, log_forked when a stored tile is missing or cut
 */
export async function consistencyBetween(db: Db, oldSize: number, newSize: number): Promise<Buffer[]> {
  return consistencyProof(oldSize, newSize, await consistencyReader(db, oldSize, newSize))
}
