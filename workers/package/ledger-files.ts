import type { Closure } from '../../services/custody/packages/closure.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import { sha256 } from '../../services/foundation/hash.ts'
import { canonicalText, type JsonValue } from '../../services/ledger/format/canonical.ts'
import { bundlesForGrowth, tilePath, tilesForGrowth } from '../../services/ledger/format/tiles.ts'
import { requireEntryBundle } from '../../services/ledger/log/entry-bundle.ts'
import { tlogProof } from '../../services/ledger/log/proofs.ts'
import { readStoredTiles } from '../../services/ledger/log/sequence/stored-tiles.ts'
import type { PublishedCheckpoint } from '../../services/ledger/log/witnessed.ts'
import type { BagWriter } from './bag.ts'

const tilesAtOnce = 64

/** Puts in what the package is proven against: checkpoint, every tile and entry bundle of its tree, subjects, events, loose events, proofs. */
export async function addLedger(
  db: Db,
  bag: BagWriter,
  checkpoint: PublishedCheckpoint,
  closure: Closure,
): Promise<void> {
  await bag.add('data/ledger/checkpoint', checkpoint.note)
  await addTiles(db, bag, checkpoint.size)
  await addBundles(db, bag, checkpoint.size)
  await bag.add('data/ledger/subjects.jsonl', jsonLines(closure.subjects), { deflate: true })
  await bag.add('data/ledger/events.jsonl', jsonLines(closure.events.map(eventLine)), { deflate: true })
  await bag.add('data/ledger/loose.jsonl', jsonLines(closure.loose.map(eventLine)), { deflate: true })
  for (const { index } of [...closure.events, ...closure.loose]) {
    const proof = await tlogProof(db, index, checkpoint)
    await bag.add(`data/ledger/proofs/${index}.tlog-proof`, proof, { deflate: true })
  }
}

/** Each value as one line in its one spelling (RFC 8785). */
export function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${canonicalText(value as JsonValue)}\n`).join('')
}

function eventLine({ index, text, salt }: Closure['events'][number]) {
  return { body: text, bodySha256: sha256(text).toString('hex'), index, salt: salt.toString('hex') }
}

async function addTiles(db: Db, bag: BagWriter, size: number): Promise<void> {
  const tiles = tilesForGrowth(0, size)
  for (let start = 0; start < tiles.length; start += tilesAtOnce) {
    const some = tiles.slice(start, start + tilesAtOnce)
    const bytesOf = await readStoredTiles(db, some)
    for (const tile of some) await bag.add(`data/ledger/${tilePath(tile)}`, bytesOf(tile))
  }
}

async function addBundles(db: Db, bag: BagWriter, size: number): Promise<void> {
  for (const tile of bundlesForGrowth(0, size)) {
    await bag.add(`data/ledger/${tilePath(tile)}`, await requireEntryBundle(db, tile), { deflate: true })
  }
}
