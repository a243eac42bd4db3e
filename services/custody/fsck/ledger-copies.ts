import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { LedgerCopyTable } from '../../foundation/db/schema/archive.ts'
import { isFault } from '../../foundation/errors.ts'
import { hashStream, sha256 } from '../../foundation/hash.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'
import { type Batch, objectsOfBatch, readTile } from '../../ledger/archive/batch-objects.ts'
import { archiveNames } from '../../ledger/archive/names.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'
import { lockProblems, type StoreCheck, sizeProblems } from './copy-check.ts'
import type { Report } from './finding.ts'
import type { LedgerCopyCheck } from './ledger-check.ts'
import { checkCheckpointObject, checkUnknownObject } from './ledger-objects.ts'

type CopyRow = Pick<LedgerCopyTable, 'object_key' | 'version_id' | 'sha256' | 'bytes'> & {
  readonly retain_until: Date | null
}
type Listed = ObjectInfo & { deleteMarker: boolean }

const pageRows = 500
const checksAtOnce = 8

/**
 * The ledger on one store: every object that its batches ought to have brought there has its row, every row its version
 * with size, lock and (where it is read) digest, nothing lies over it, and nothing lies there besides. A checkpoint that is
 * not of our history is named as one.
 */
export async function checkLedgerCopies(check: LedgerCopyCheck, report: Report): Promise<void> {
  await checkRowsOfBatches(check, report)
  let waiting: (() => Promise<void>)[] = []
  const flush = async () => {
    const results = await Promise.allSettled(waiting.map((work) => work()))
    waiting = []
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    check.signal?.throwIfAborted()
  }
  for await (const { key, row, objects } of joined(check)) {
    waiting.push(() =>
      row ? checkObject(check, row, objects, report) : checkUnknownObject(check, key, objects, report),
    )
    if (waiting.length >= checksAtOnce) await flush()
  }
  await flush()
}

function nameOf({ store }: LedgerCopyCheck, key: string): string {
  return `${store.name} ${key}`
}

/** Batch by batch: rows there must be, and what tiles must have as their digest. */
async function checkRowsOfBatches(check: LedgerCopyCheck, report: Report): Promise<void> {
  const { db, store, log } = check
  const names = archiveNames(log.origin)
  const progress = await db
    .selectFrom('archive_progress')
    .where('store', '=', store.name)
    .select('archived_to')
    .executeTakeFirst()
  for await (const batch of batchesUpTo(db, progress?.archived_to ?? 0)) {
    check.signal?.throwIfAborted()
    const { tiles, keys } = objectsOfBatch(names, batch)
    const all = [...tiles.map((tile) => names.tile(tile)), ...keys]
    const rows = await db
      .selectFrom('ledger_copy')
      .where('store', '=', store.name)
      .where('object_key', 'in', all)
      .select(['object_key', 'sha256'])
      .execute()
    const digests = new Map(rows.map((row) => [row.object_key, row.sha256]))
    for (const key of all) {
      if (!digests.has(key)) report.error('archive.row_missing', nameOf(check, key), 'there is no row of this copy')
    }
    for (const tile of tiles) {
      const digest = digests.get(names.tile(tile))
      // A tile that cannot be made from the tables is named with the tree.
      const bytes = await readTile(db, tile).catch(() => null)
      if (!digest || !bytes || sha256(bytes).equals(digest)) continue
      report.error('archive.bytes_differ', nameOf(check, names.tile(tile)), 'its row has another SHA-256 than the tile')
    }
  }
}

async function* batchesUpTo(db: Db, end: number): AsyncGenerator<Batch> {
  let last = -1
  for (;;) {
    const rows = await db
      .selectFrom('event_archive_batch')
      .selectAll()
      .where('first', '>', last)
      .where('first', '<', end)
      .orderBy('first')
      .limit(pageRows)
      .execute()
    yield* rows
    if (rows.length < pageRows) return
    last = rows.at(-1)!.first
  }
}

/** Rows and objects of one store by key, in one walk through both: S3 lists in the order of bytes. */
async function* joined(
  check: LedgerCopyCheck,
): AsyncGenerator<{ key: string; row: CopyRow | null; objects: readonly Listed[] }> {
  const rows = copyRows(check)
  const objects = listedByKey(check)
  let row = await rows.next()
  let listed = await objects.next()
  while (!row.done || !listed.done) {
    const rowKey = row.done ? null : row.value.object_key
    const objectKey = listed.done ? null : listed.value.key
    const isRowFirst =
      objectKey === null || (rowKey !== null && Buffer.compare(Buffer.from(rowKey), Buffer.from(objectKey)) <= 0)
    const isObjectFirst = rowKey === null || rowKey === objectKey || !isRowFirst
    const key = (isRowFirst ? rowKey : objectKey)!
    yield {
      key,
      row: isRowFirst && !row.done ? row.value : null,
      objects: isObjectFirst && !listed.done ? listed.value.objects : [],
    }
    if (isRowFirst) row = await rows.next()
    if (isObjectFirst) listed = await objects.next()
  }
}

async function* copyRows({ db, store }: LedgerCopyCheck): AsyncGenerator<CopyRow> {
  let last = ''
  for (;;) {
    const { rows } = await sql<CopyRow>`
      select object_key, version_id, sha256, bytes, retain_until from ledger_copy
      where store = ${store.name} and object_key collate "C" > ${last}
      order by object_key collate "C" limit ${pageRows}`.execute(db)
    yield* rows
    if (rows.length < pageRows) return
    last = rows.at(-1)!.object_key
  }
}

async function* listedByKey({ store, log }: LedgerCopyCheck): AsyncGenerator<{ key: string; objects: Listed[] }> {
  let objects: Listed[] = []
  for await (const object of store.list('originals', archiveNames(log.origin).prefix)) {
    const key = objects[0]?.key
    if (key !== undefined && key !== object.key) {
      yield { key, objects }
      objects = []
    }
    objects.push(object)
  }
  if (objects[0]) yield { key: objects[0].key, objects }
}

async function checkObject(
  check: LedgerCopyCheck,
  row: CopyRow,
  objects: readonly Listed[],
  report: Report,
): Promise<void> {
  const { store } = check
  const key = row.object_key
  const error = (code: FsckCheck, problem: string) => report.error(code, nameOf(check, key), problem)
  const listed = objects.find(({ versionId, deleteMarker }) => versionId === row.version_id && !deleteMarker)
  // A copy that was made while the list was read is in its row only.
  const own = listed ?? (await lookAgain(store, row))
  const markers = objects.filter(({ deleteMarker }) => deleteMarker).length
  const others = objects.filter((object) => !object.deleteMarker && object !== listed)
  if (markers > 0) error('archive.delete_marker', `${markers} delete markers lie over it`)
  if (others.length > 0) {
    error(
      'archive.unknown_version',
      `it has other versions too: ${others.map(({ versionId }) => versionId).join(', ')}`,
    )
  }
  if (!own) return error('archive.version_missing', `${store.name} does not hold its version ${row.version_id}`)
  try {
    for (const { check: code, problem } of sizeProblems(own.bytes, row.bytes)) error(archiveCode(code), problem)
    const lock = await store.lockState(own)
    if (row.retain_until) {
      for (const { check: code, problem } of lockProblems(lock, row.retain_until)) error(archiveCode(code), problem)
    } else if (!lock.legalHold) error('archive.hold_missing', 'it has no legal hold')
    if (!check.isRead(key)) return
    const { sha256: digest } = await hashStream(await store.get(own), { sm3: false })
    if (!digest.equals(row.sha256)) error('archive.bytes_differ', 'its bytes have another SHA-256 than its row')
    if (key.includes('/checkpoint/')) await checkCheckpointObject(check, own, report)
  } catch (failure) {
    if (!isFault(failure, 'not_found')) throw failure
    error('archive.version_missing', `version ${row.version_id} went away while it was looked at`)
  }
}

async function lookAgain(store: Store, row: CopyRow): Promise<ObjectInfo | null> {
  try {
    return await store.stat({ bucket: 'originals', key: row.object_key, versionId: row.version_id })
  } catch (error) {
    if (isFault(error, 'not_found')) return null
    throw error
  }
}

function archiveCode(code: StoreCheck): FsckCheck {
  return code.replace(/^stores\./, 'archive.') as FsckCheck
}
