import { type Readable, Transform } from 'node:stream'
import { sql } from 'kysely'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { createRunningHash } from '../../foundation/hash.ts'
import { suppliedKey } from '../../foundation/store/keys.ts'
import type { ObjectVersion, Store } from '../../foundation/store/store.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf } from '../events/read.ts'

// The bytes of films that somebody made with a vendor's own player of recordings that cannot be played here.

/** The longest film that is taken, in bytes. */
export const suppliedBytesMax = 32 * 1024 ** 3

/** A film as it lies in the store. */
export interface StoredFilm {
  readonly object: ObjectVersion
  readonly bytes: number
  readonly sha256: Buffer
}

/** A film that a second person has confirmed, of which a rendition is to be made. */
export interface SuppliedFilm extends StoredFilm {
  readonly supplyId: string
  readonly recordingId: string
  /** The rendition that says why the recording cannot be played. */
  readonly renditionId: string
}

/**
 * Streams a film of exactly `bytes` bytes into the store, hashing on the way, in constant memory. When it fails nothing of
 * it stays; `source` is not destroyed, so that a request can still be answered.
 *
 * @throws bad_request when the source breaks off; store_down, store_full
 */
export async function storeFilm(
  store: Pick<Store, 'putStream'>,
  film: { readonly recordingId: string; readonly supplyId: string; readonly bytes: number },
  source: Readable,
): Promise<StoredFilm> {
  const { bytes } = film
  const hash = createRunningHash({ sm3: false })
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const cut = (cause?: unknown) => {
    if (source.readableEnded) return
    const message = 'the connection ended before the film did: nothing was kept, send it again'
    hashed.destroy(new Fault('bad_request', message, { cause }))
  }
  // The listener stays: an error that nobody hears ends the process.
  source.on('error', cut)
  source.once('close', () => cut())
  source.pipe(hashed)
  const key = suppliedKey(film.recordingId, film.supplyId)
  const object = await store.putStream('derived', key, hashed, { bytes })
  return { object, bytes, sha256: hash.digest().sha256 }
}

/**
 * Opens a supplied film. Every byte of one that is read from a store comes through here; whoever reads compares it with
 * what the ledger committed.
 *
 * @throws not_found when the version is gone; store_down
 */
export async function openSuppliedFilm(
  store: Pick<Store, 'get'>,
  { object }: Pick<StoredFilm, 'object'>,
  signal?: AbortSignal,
): Promise<Readable> {
  return store.get(object, { signal })
}

/**
 * The film that this recording is to be made playable of; null when that is its original. A row alone proves nothing: the
 * events by which one person proposed this very film and another confirmed it must be there.
 *
 * @throws log_forked when they are not
 */
export async function filmInMaking(db: Db, recordingId: string): Promise<SuppliedFilm | null> {
  const row = await db
    .selectFrom('rendition_supply')
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'making')
    .select(['id', 'rendition_id', 'bytes', 'sha256', 'object_key', 'version_id'])
    .executeTakeFirst()
  if (!row) return null
  const object = { bucket: 'derived', key: row.object_key, versionId: row.version_id } as const
  const { bytes, sha256 } = row
  if (!(await isAgreedOn(db, recordingId, row))) {
    throw new Fault('log_forked', `no events of two people supplied film ${row.id}: run \`custody fsck\``)
  }
  return { supplyId: row.id, recordingId, renditionId: row.rendition_id, bytes, sha256, object }
}

async function isAgreedOn(
  db: Db,
  recordingId: string,
  film: { id: string; bytes: number; sha256: Buffer; object_key: string; version_id: string },
): Promise<boolean> {
  const events = await db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${`recording:${recordingId}`}]`)
    .where('kind', 'in', ['rendition.supply_proposed', 'rendition.supplied'])
    .select('body')
    .execute()
  const bodies = events.flatMap(({ body }) => bodyOrNull(body) ?? [])
  const isOfFilm = ({ supplyId, sha256, bytes }: { supplyId: string; sha256: string; bytes: number }) =>
    supplyId === film.id && sha256 === film.sha256.toString('hex') && bytes === film.bytes
  const proposed = bodies
    .flatMap((body) => eventOf(body, 'rendition.supply_proposed') ?? [])
    .find(({ details }) => isOfFilm(details))
  const confirmed = bodies
    .flatMap((body) => eventOf(body, 'rendition.supplied') ?? [])
    .find(({ details }) => isOfFilm(details))
  return (
    proposed?.details.key === film.object_key &&
    proposed.details.versionId === film.version_id &&
    confirmed?.details.proposedBy === proposed.actor &&
    confirmed.actor !== proposed.actor
  )
}

/** The film's rendition is ready: its event says so. */
export async function setSupplyReady(trx: Trx, recordingId: string): Promise<void> {
  await trx
    .updateTable('rendition_supply')
    .set({ state: 'ready' })
    .where('recording_id', '=', recordingId)
    .where('state', '=', 'making')
    .execute()
}
