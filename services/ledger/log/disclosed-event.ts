import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { tlogProof } from './proofs.ts'
import { newestPublished, newestWitnessed, type PublishedCheckpoint, witnessedCovering } from './witnessed.ts'

/** One event as whoever may read it is given it, with all that is needed to check it offline. */
export interface ProvenEvent {
  readonly id: string
  readonly index: number
  readonly body: string
  /** Hex. */
  readonly salt: string
  /** The public entry, DESIGN.md §2: it holds the commitment to salt and body. */
  readonly entry: string
  /** Hex. */
  readonly leafHash: string
  /** c2sp.org/tlog-proof of the entry against `checkpoint`. */
  readonly proof: string
  readonly checkpoint: {
    readonly size: number
    readonly root: string
    readonly at: Date
    readonly witnessedAt: Date | null
  }
}

/** The smallest witnessed checkpoint over the leaf, else the newest one that covers it; null when none does yet. */
export async function checkpointFor(db: Db, index: number): Promise<PublishedCheckpoint | null> {
  const witnessed = await witnessedCovering(db, index)
  if (witnessed) return witnessed
  const newest = await newestPublished(db)
  return newest && newest.size > index ? newest : null
}

/** The newest witnessed checkpoint when it covers the leaf, else the newest one that does; null when none does yet. */
export async function newestFor(db: Db, index: number): Promise<PublishedCheckpoint | null> {
  const witnessed = await newestWitnessed(db)
  if (witnessed && witnessed.size > index) return witnessed
  const newest = await newestPublished(db)
  return newest && newest.size > index ? newest : null
}

/**
 * An event with its proof; null while no checkpoint covers it, or when there is no such event.
 *
 * @throws log_forked when a stored tile is missing or cut
 */
export async function provenEvent(
  db: Db,
  eventId: string,
  choose: ChooseCheckpoint = checkpointFor,
): Promise<ProvenEvent | null> {
  return provenOf(db, { from: 'event', eventId }, choose)
}

/** The same for the event of a receipt: all that the login of ingest may read of events (the view of migrations/0024). */
export async function provenReceipt(db: Db, eventId: string): Promise<ProvenEvent | null> {
  return provenOf(db, { from: 'receipt_event', eventId }, checkpointFor)
}

type ChooseCheckpoint = (db: Db, index: number) => Promise<PublishedCheckpoint | null>

async function provenOf(
  db: Db,
  { from, eventId }: { from: 'event' | 'receipt_event'; eventId: string },
  choose: ChooseCheckpoint,
): Promise<ProvenEvent | null> {
  const { rows } = await sql<{ index: number; data: Buffer; hash: Buffer; body: string; salt: Buffer }>`
    select leaf.index, leaf.data, leaf.hash, event.body, event.salt
    from ${sql.table(from)} as event join leaf on leaf.event_id = event.id
    where event.id = ${eventId}`.execute(db)
  const row = rows[0]
  const checkpoint = row && (await choose(db, row.index))
  if (!row || !checkpoint) return null
  const { size, root, at, witnessedAt } = checkpoint
  return {
    id: eventId,
    index: row.index,
    body: row.body,
    salt: row.salt.toString('hex'),
    entry: row.data.toString('utf8'),
    leafHash: row.hash.toString('hex'),
    proof: await tlogProof(db, row.index, checkpoint),
    checkpoint: { size, root: root.toString('base64'), at, witnessedAt },
  }
}
