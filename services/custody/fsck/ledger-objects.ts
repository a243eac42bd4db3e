import { buffer } from 'node:stream/consumers'
import { isFault } from '../../foundation/errors.ts'
import type { ObjectInfo } from '../../foundation/store/store.ts'
import { objectsOfBatch } from '../../ledger/archive/batch-objects.ts'
import { type ArchiveObject, archiveNames, parseArchiveName } from '../../ledger/archive/names.ts'
import { frontierOf, rootOf } from '../../ledger/format/merkle.ts'
import { openCheckpoint } from '../../ledger/format/signed-checkpoint.ts'
import { newestCheckpointSize } from '../../ledger/log/newest-checkpoint.ts'
import { rightEdgeReader } from '../../ledger/log/sequence/stored-tiles.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import type { Report } from './finding.ts'
import type { LedgerCopyCheck } from './ledger-check.ts'

/**
 * An object of the ledger's that no row names. What is being written just now is not one; a batch or a checkpoint beyond
 * the database shows that this was restored from an earlier backup.
 */
export async function checkUnknownObject(
  check: LedgerCopyCheck,
  key: string,
  objects: readonly (ObjectInfo & { deleteMarker: boolean })[],
  report: Report,
): Promise<void> {
  const { db, store, log } = check
  const names = archiveNames(log.origin)
  if (await isBeingWritten(check, key)) return
  const error = (code: FsckCheck, problem: string) => report.error(code, `${store.name} ${key}`, problem)
  const versions = objects.filter(({ deleteMarker }) => !deleteMarker)
  const ids = versions.map(({ versionId }) => versionId).join(', ') || 'a delete marker'
  const named = readName(() => parseArchiveName(names, key))
  if (named?.kind === 'checkpoint') {
    for (const version of versions) await checkCheckpointObject(check, version, report)
  }
  const last = await db
    .selectFrom('event_archive_batch')
    .select(['first', 'count'])
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst()
  const isLater =
    (named?.kind === 'events' || named?.kind === 'keys') && named.first >= (last ? last.first + last.count : 0)
  if (isLater)
    error('archive.database_older', `the database knows no batch from leaf ${named.first} on: it was put back`)
  else error('archive.unknown_object', `no row names it (${ids})`)
}

/** Its row came meanwhile, or it is of the batch that the store gets next. */
async function isBeingWritten({ db, store, log }: LedgerCopyCheck, key: string): Promise<boolean> {
  const row = await db
    .selectFrom('ledger_copy')
    .where('store', '=', store.name)
    .where('object_key', '=', key)
    .select('object_key')
    .executeTakeFirst()
  if (row) return true
  const names = archiveNames(log.origin)
  const progress = await db
    .selectFrom('archive_progress')
    .where('store', '=', store.name)
    .select('archived_to')
    .executeTakeFirst()
  const next = await db
    .selectFrom('event_archive_batch')
    .selectAll()
    .where('first', '>=', progress?.archived_to ?? 0)
    .orderBy('first')
    .limit(1)
    .executeTakeFirst()
  if (!next) return false
  const { tiles, keys } = objectsOfBatch(names, next)
  return keys.includes(key) || tiles.some((tile) => names.tile(tile) === key)
}

/** Compares a stored checkpoint with the tree: signed by the log, under its own size, and of this history. */
export async function checkCheckpointObject(check: LedgerCopyCheck, object: ObjectInfo, report: Report): Promise<void> {
  const { db, store, log } = check
  const error = (code: FsckCheck, problem: string) => report.error(code, `${store.name} ${object.key}`, problem)
  const note = (await buffer(await store.get(object))).toString('utf8')
  const checkpoint = readName(() => openCheckpoint(note, log))
  if (!checkpoint)
    return error('archive.foreign_checkpoint', `version ${object.versionId} is no checkpoint that this log signed`)
  const { size, root } = checkpoint
  const ownSize = await newestCheckpointSize(db)
  if (size > ownSize) {
    return error(
      'archive.database_older',
      `the log signed ${size} leaves, the database's newest checkpoint has ${ownSize}`,
    )
  }
  const own = await rightEdgeReader(db, size).then(
    (read) => rootOf(frontierOf(size, read)),
    // Tiles that are missing are named with the tree.
    (failure: unknown) => (isFault(failure, 'log_forked') ? root : Promise.reject(failure)),
  )
  const isNamed = archiveNames(log.origin).checkpoint(size) === object.key
  if (!own.equals(root))
    error('archive.foreign_checkpoint', `the log signed it, but this ledger has another root at size ${size}`)
  else if (!isNamed) error('archive.unknown_object', `it is the checkpoint of size ${size}, under another's name`)
}

/** Null for what cannot be read or does not hold. */
function readName<T extends ArchiveObject | object>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (isFault(error, 'malformed') || isFault(error, 'unproven')) return null
    throw error
  }
}
