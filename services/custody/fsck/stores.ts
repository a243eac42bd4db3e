import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import { hashStream, sha256 } from '../../foundation/hash.ts'
import { type Store, type Stores, storeNames } from '../../foundation/store/store.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'
import { openPiece } from '../viewing/read-piece.ts'
import { checkCopy } from './copy-check.ts'
import type { Report } from './finding.ts'
import { checkLedgerCopies } from './ledger-copies.ts'
import { checkSuppliedFilms } from './supplied-films.ts'

const batchRows = 64
const checksAtOnce = 8

/** One of `of` equal parts of all objects, from 0: every night another. */
export interface ObjectShare {
  readonly part: number
  readonly of: number
}

interface CheckOptions {
  readonly objects: boolean | ObjectShare
  readonly signal?: AbortSignal
}

/** Prefixes of the originals' bucket that hold no footage: the lock canary's objects and the ledger's own (ledger-copies.ts). */
const otherPrefixes = ['canary/', 'ledger/']

/**
 * Every copy that a row names against its store, every inventory and playable file against the primary store, and every
 * object on the stores against the rows. With `objects` all bytes, or those of one part, are read and hashed.
 */
export async function checkStores(
  deps: { db: Db; stores: Stores; log: LogKeys },
  options: CheckOptions & { onProgress?: (what: string) => void },
  report: Report,
): Promise<void> {
  for (const name of storeNames) {
    const store = deps.stores[name]
    options.onProgress?.(`stores: ${name}`)
    try {
      await store.versions('originals', 'canary/reachable')
      await checkCopies(deps.db, store, options, report)
      await checkUnknownObjects(deps.db, store, report)
      if (name === 'primary') {
        await checkInventories(deps.db, store, options, report)
        await checkRenditionFiles(deps.db, store, options, report)
        await checkSuppliedFilms(deps.db, store, { ...options, isRead: (id) => isRead(options.objects, id) }, report)
      }
      const isReadByKey = (key: string) => isRead(options.objects, sha256(key).toString('hex'))
      const { db, log } = deps
      await checkLedgerCopies({ db, store, log, isRead: isReadByKey, signal: options.signal }, report)
    } catch (error) {
      if (!isFault(error, 'store_down')) throw error
      report.error('stores.unreachable', name, 'it does not answer: nothing was checked on it')
    }
  }
}

async function checkCopies(db: Db, store: Store, options: CheckOptions, report: Report): Promise<void> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db
      .selectFrom('copy')
      .innerJoin('recording', 'recording.id', 'copy.recording_id')
      .where('copy.store', '=', store.name)
      .where('copy.recording_id', '>', last)
      .select(['copy.recording_id', 'copy.store', 'copy.object_key', 'copy.version_id', 'copy.retain_until'])
      .select(['recording.bytes', 'recording.sha256'])
      .orderBy('copy.recording_id')
      .limit(batchRows)
      .execute()
    options.signal?.throwIfAborted()
    await inTurns(rows, async (row) => {
      if (report.isDistrusted(`recording:${row.recording_id}`)) return
      const objects = isRead(options.objects, row.recording_id)
      const { problems } = await checkCopy(store, row, row, { objects })
      for (const { check, problem } of problems) report.error(check, `copy ${row.recording_id}/${store.name}`, problem)
    })
    if (rows.length < batchRows) return
    last = rows.at(-1)!.recording_id
  }
}

/** Inventories are locked on the primary store as originals are, and looked up in the same way. */
async function checkInventories(db: Db, store: Store, options: CheckOptions, report: Report): Promise<void> {
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await db
      .selectFrom('recording_inventory')
      .where('event_id', '>', last)
      .select(['recording_id', 'event_id', 'object_key', 'version_id', 'retain_until', 'bytes', 'sha256'])
      .orderBy('event_id')
      .limit(batchRows)
      .execute()
    options.signal?.throwIfAborted()
    await inTurns(rows, async (row) => {
      if (report.isDistrusted(`recording:${row.recording_id}`)) return
      const objects = isRead(options.objects, row.recording_id)
      const { problems } = await checkCopy(store, { ...row, store: store.name }, row, { objects })
      const subject = `recording_inventory ${row.recording_id}/${row.event_id}`
      for (const { check, problem } of problems) report.error(check, subject, problem)
    })
    if (rows.length < batchRows) return
    last = rows.at(-1)!.event_id
  }
}

/** Objects that no copy names: what an upload or a duplicate left is known, everything else is named. */
async function checkUnknownObjects(db: Db, store: Store, report: Report): Promise<void> {
  const batch: { key: string; versionId: string }[] = []
  const flush = async () => {
    const objects = batch.splice(0)
    const known = await knownKeys(db, [...new Set(objects.map(({ key }) => key))])
    for (const { key, versionId } of objects) {
      // Another version of a known key, and a marker over it, are named with the copy.
      if (known.has(key)) continue
      report.notice('stores.unknown_object', `${store.name} ${key}`, `no row names its version ${versionId}`)
    }
  }
  for await (const object of store.list('originals', '')) {
    if (otherPrefixes.some((prefix) => object.key.startsWith(prefix))) continue
    batch.push(object)
    if (batch.length >= 500) await flush()
  }
  await flush()
}

/** Keys are the same on all stores: a copy whose own row is gone is named as a missing row, not as an unknown object. */
async function knownKeys(db: Db, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const copies = await db.selectFrom('copy').select('object_key').where('object_key', 'in', keys).execute()
  const uploads = await db.selectFrom('upload').select('object_key').where('object_key', 'in', keys).execute()
  const inventories = await db
    .selectFrom('recording_inventory')
    .select('object_key')
    .where('object_key', 'in', keys)
    .execute()
  return new Set([...copies, ...uploads, ...inventories].map((row) => row.object_key))
}

async function checkRenditionFiles(db: Db, store: Store, options: CheckOptions, report: Report): Promise<void> {
  let last = { id: '00000000-0000-0000-0000-000000000000', track: 0, kind: '', number: -1 }
  for (;;) {
    const rows = await db
      .selectFrom('rendition_file')
      .innerJoin('rendition', 'rendition.id', 'rendition_file.rendition_id')
      .where('rendition.state', 'in', ['running', 'ready', 'preview'])
      .where((where) =>
        where(
          where.refTuple(
            'rendition_file.rendition_id',
            'rendition_file.track',
            'rendition_file.kind',
            'rendition_file.number',
          ),
          '>',
          where.tuple(last.id, last.track, last.kind as 'init', last.number),
        ),
      )
      .selectAll('rendition_file')
      .select('rendition.recording_id')
      .orderBy('rendition_file.rendition_id')
      .orderBy('rendition_file.track')
      .orderBy('rendition_file.kind')
      .orderBy('rendition_file.number')
      .limit(batchRows)
      .execute()
    options.signal?.throwIfAborted()
    await inTurns(rows, async (row) => {
      const subject = `rendition_file ${row.rendition_id}/${row.track}/${row.kind}/${row.number}`
      const object = { bucket: 'derived' as const, key: row.object_key, versionId: row.version_id }
      try {
        const { bytes } = await store.stat(object)
        if (bytes !== row.bytes) report.error('stores.size_differs', subject, `${bytes} bytes instead of ${row.bytes}`)
        if (!isRead(options.objects, row.rendition_id)) return
        const source = await openPiece({ recordingId: row.recording_id, store, piece: row })
        const { sha256 } = await hashStream(source, { sm3: false })
        if (!sha256.equals(row.sha256)) report.error('stores.bytes_differ', subject, 'its bytes have another SHA-256')
      } catch (error) {
        if (!isFault(error, 'not_found')) throw error
        report.error('stores.version_missing', subject, `version ${row.version_id} of ${row.object_key} is gone`)
      }
    })
    if (rows.length < batchRows) return
    const end = rows.at(-1)!
    last = { id: end.rendition_id, track: end.track, kind: end.kind, number: end.number }
  }
}

/** Ids end in random digits, so parts are about equal; a recording's copies are in the same one on every store. */
function isRead(objects: boolean | ObjectShare, id: string): boolean {
  if (typeof objects === 'boolean') return objects
  return Number.parseInt(id.slice(-8), 16) % objects.of === objects.part
}

/** Runs `work` over the items, a few at a time. The first failure is thrown after those under way have ended. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += checksAtOnce) {
    const results = await Promise.allSettled(items.slice(start, start + checksAtOnce).map(work))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
