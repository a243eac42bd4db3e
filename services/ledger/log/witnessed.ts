import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { splitNote } from '../format/note.ts'
import { newestCheckpoint } from './newest-checkpoint.ts'

/** A published checkpoint with the cosignatures that are stored for it. */
export interface PublishedCheckpoint {
  readonly size: number
  readonly root: Buffer
  /** The signed note, with every stored cosignature line behind the log's own. */
  readonly note: string
  readonly at: Date
  /** When the policy's quorum was met; null while it is not. */
  readonly witnessedAt: Date | null
}

/** The newest checkpoint, with what cosignatures it has; null before the first. */
export async function newestPublished(db: Db): Promise<PublishedCheckpoint | null> {
  const newest = await newestCheckpoint(db)
  return newest && checkpointOfSize(db, newest.size)
}

/** The newest checkpoint that the policy's quorum cosigned; null when there is none yet. */
export async function newestWitnessed(db: Db): Promise<PublishedCheckpoint | null> {
  const row = await db.selectFrom('witnessed').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row ? checkpointOfSize(db, row.size) : null
}

/** The smallest witnessed checkpoint that covers the leaf `index`; null when none does yet. */
export async function witnessedCovering(db: Db, index: number): Promise<PublishedCheckpoint | null> {
  const row = await db
    .selectFrom('witnessed')
    .select('size')
    .where('size', '>', index)
    .orderBy('size', 'asc')
    .limit(1)
    .executeTakeFirst()
  return row ? checkpointOfSize(db, row.size) : null
}

/** The checkpoint of exactly this size, with its cosignatures; null when none was published. */
export async function checkpointOfSize(db: Db, size: number): Promise<PublishedCheckpoint | null> {
  const row = await db
    .selectFrom('checkpoint')
    .leftJoin('witnessed', 'witnessed.size', 'checkpoint.size')
    .where('checkpoint.size', '=', size)
    .select(['checkpoint.size', 'checkpoint.root', 'checkpoint.note', 'checkpoint.at', 'witnessed.at as witnessedAt'])
    .executeTakeFirst()
  if (!row) return null
  const cosignatures = await db
    .selectFrom('cosignature')
    .where('size', '=', size)
    .select('line')
    .orderBy('name')
    .orderBy('key_id')
    .execute()
  const lines = cosignatures.filter(({ line }) => isSignatureLine(line))
  return { ...row, note: row.note + lines.map(({ line }) => line).join('') }
}

/** The witness keys that cosigned the checkpoint of exactly this size, by name, and when each says that it did. */
export async function cosignersOf(db: Db, size: number): Promise<{ name: string; at: Date | null }[]> {
  return db
    .selectFrom('cosignature')
    .where('size', '=', size)
    .select(['name', 'signed_at as at'])
    .orderBy('name')
    .orderBy('key_id')
    .execute()
}

/** A row that holds something else must not make the whole note one that nobody can read. */
function isSignatureLine(line: string): boolean {
  try {
    return splitNote(`any text\n\n${line}`).signatures.length === 1
  } catch (error) {
    if (isFault(error, 'malformed')) return false
    throw error
  }
}
