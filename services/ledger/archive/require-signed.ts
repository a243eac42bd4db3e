import type { Db } from '../../foundation/db/database.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import { leafHash } from '../format/entry.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { appendToFrontier, frontierOf, rootOf } from '../format/merkle.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { rightEdgeReader } from '../log/sequence/stored-tiles.ts'
import type { PublishedCheckpoint } from '../log/witnessed.ts'

/**
 * What is archived is locked for years and cannot be made anew: leaves that do not lead to what the log signed would make
 * all three stores worthless for `custody rebuild-events`, for every event.
 *
 * @param batch the leaves from `first` on, up to the checkpoint
 * @throws log_forked when the checkpoint is not the log's, or the leaves do not lead to it
 */
export async function requireSigned(
  db: Db,
  keys: LogKeys,
  batch: { first: number; leaves: readonly Buffer[]; checkpoint: PublishedCheckpoint },
): Promise<void> {
  const { first, leaves, checkpoint } = batch
  const { size, root } = openOwn(checkpoint, keys)
  const before = frontierOf(first, await rightEdgeReader(db, first))
  const grown = appendToFrontier(before, leaves.map(leafHash))
  if (size === checkpoint.size && grown.size === size && rootOf(grown).equals(root)) return
  throw changed(`leaves ${first} to ${checkpoint.size - 1} do not lead to checkpoint ${checkpoint.size}`)
}

function openOwn({ size, note }: PublishedCheckpoint, keys: LogKeys): { size: number; root: Buffer } {
  try {
    return openCheckpoint(note, keys)
  } catch (cause) {
    if (!isFault(cause, 'malformed') && !isFault(cause, 'unproven')) throw cause
    throw changed(`checkpoint ${size} is not what the log signed: ${cause.message}`, cause)
  }
}

function changed(what: string, cause?: unknown): Fault {
  const message = `${what}: rows were changed. Nothing more is archived until that is mended; run \`custody fsck\``
  return new Fault('log_forked', message, { cause })
}
