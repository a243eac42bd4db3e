import { sql } from 'kysely'
import type { Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Store } from '../../foundation/store/store.ts'
import { registersToProve } from '../format/closure.ts'
import { publishIn } from '../log/sequence/publish.ts'
import type { SubjectSecret } from '../log/sequence/secret-mac.ts'
import { writeSecrets } from '../log/sequence/stored-secrets.ts'
import type { RebuiltSecret } from './count-links.ts'
import type { RebuiltBatch, RebuiltLeaf } from './verified-batches.ts'

/** Rows that are there again. */
export interface Written {
  events: number
  leaves: number
  links: number
}

/** What stands in the row of an event that nobody can read any more: its place in the tree, and nothing of what it said. */
const erasedKind = 'event.erased'

/**
 * Lets this transaction, and no other, write events that services wrote earlier: the trigger that binds an event to its
 * writer and to the present is off until `bindWritersAgain`. Only the owner can do that, and nobody else writes an event until the
 * transaction ends.
 *
 * @throws conflict when the ledger is not empty
 */
export async function openEmptyLedger(trx: Trx): Promise<void> {
  // While batches are read from a store, the transaction waits.
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx)
  await sql`alter table event disable trigger event_writer_rule`.execute(trx)
  const { rows } = await sql<{ is_empty: boolean }>`
    select not exists (select from event) and not exists (select from leaf) as is_empty`.execute(trx)
  if (rows[0]?.is_empty) return
  const message =
    'this database has events already, and events are brought back into an empty ledger only: make a new database, run `custody migrate` on it, and bring the events back there (with --check a database that has events is compared with the store)'
  throw new Fault('conflict', message)
}

export async function bindWritersAgain(trx: Trx): Promise<void> {
  await sql`alter table event enable trigger event_writer_rule`.execute(trx)
}

/**
 * Writes a batch, and that it lies on `store`. `macKey` is that of the stored secrets, `oldSize` is where the batch before
 * ended.
 */
export async function writeRebuiltBatch(
  { trx, store, macKey }: { trx: Trx; store: Store; macKey: Uint8Array },
  batch: RebuiltBatch,
  secrets: ReadonlyMap<string, RebuiltSecret>,
  oldSize: number,
): Promise<Written> {
  const retained = await Promise.all(batch.copies.map(({ object }) => store.lockState(object)))
  const events = await insertEvents(trx, batch)
  const leaves = await insertLeaves(trx, batch.leaves)
  await writeSecrets(trx, macKey, rebuiltSecretsOf(batch.links, secrets))
  const links = await insertLinks(trx, batch.links)
  await enterArchived(
    trx,
    store,
    batch,
    retained.map(({ retainUntil }) => retainUntil),
  )
  const { size, root, note, at } = batch.checkpoint
  await publishIn(trx, { oldSize, leafHashes: batch.leaves.map(({ hash }) => hash), size, root, note, at })
  return { events, leaves, links }
}

async function insertEvents(trx: Trx, { leaves, checkpoint }: RebuiltBatch): Promise<number> {
  if (leaves.length === 0) return 0
  const rows = leaves.map(({ index, id, commitment, event }) => ({
    id,
    kind: event?.kind ?? erasedKind,
    at: event?.at ?? checkpoint.at,
    body: event?.body ?? '',
    salt: event?.salt ?? Buffer.alloc(32),
    commitment,
    subjects: event ? [...event.subjects] : [`erased:${id}`],
    // Text keeps the microseconds.
    committed_at: event?.committedAt ?? checkpoint.at,
    leaf_index: index,
  }))
  const inserted = await trx.insertInto('event').values(rows).executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows ?? 0)
}

async function insertLeaves(trx: Trx, leaves: readonly RebuiltLeaf[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into leaf (index, event_id, data, hash)
    select * from unnest(${leaves.map(({ index }) => index)}::bigint[], ${leaves.map(({ id }) => id)}::uuid[],
      ${leaves.map(({ data }) => data)}::bytea[], ${leaves.map(({ hash }) => hash)}::bytea[])`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

function rebuiltSecretsOf(links: RebuiltBatch['links'], secrets: ReadonlyMap<string, RebuiltSecret>): SubjectSecret[] {
  const linked = links.map(({ subject }) => subject)
  const subjects = new Set([...linked, ...registersToProve(linked)])
  return [...subjects].map((subject) => ({ subject, ...secrets.get(subject)! }))
}

async function insertLinks(trx: Trx, links: RebuiltBatch['links']): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into link (subject, n, event_id, leaf_index)
    select * from unnest(${links.map(({ subject }) => subject)}::text[], ${links.map(({ n }) => n)}::bigint[],
      ${links.map(({ eventId }) => eventId)}::uuid[], ${links.map(({ leafIndex }) => leafIndex)}::bigint[])`.execute(
    trx,
  )
  return Number(numAffectedRows ?? 0)
}

/** So that the archive goes on where it stood: the other stores are given again what they may have, and have it already. */
async function enterArchived(
  trx: Trx,
  store: Store,
  batch: RebuiltBatch,
  retainedUntil: readonly (Date | null)[],
): Promise<void> {
  const { first, count, withPartialTiles, checkpoint, keys, copies } = batch
  await trx
    .insertInto('event_archive_batch')
    .values({ first, count, with_partial_tiles: withPartialTiles, created_at: checkpoint.at })
    .onConflict((conflict) => conflict.column('first').doNothing())
    .execute()
  if (keys.length > 0) {
    await trx
      .insertInto('archive_key')
      .values(keys.map(({ subject, key }) => ({ subject, key, created_at: checkpoint.at })))
      .onConflict((conflict) => conflict.column('subject').doNothing())
      .execute()
  }
  const rows = copies.map(({ object, sha256, bytes }, place) => ({
    store: store.name,
    object_key: object.key,
    version_id: object.versionId,
    sha256,
    bytes,
    retain_until: retainedUntil[place] ?? null,
    stored_at: checkpoint.at,
  }))
  await trx
    .insertInto('ledger_copy')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['store', 'object_key']).doNothing())
    .execute()
  await trx
    .insertInto('archive_progress')
    .values({ store: store.name, archived_to: first + count })
    .onConflict((conflict) =>
      conflict
        .column('store')
        .doUpdateSet({ archived_to: first + count })
        .where('archive_progress.archived_to', '<', first + count),
    )
    .execute()
}
