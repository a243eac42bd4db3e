import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { suppliedPrefix } from '../../foundation/store/keys.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'
import { lockRecording, recordingSubjects } from '../copies/copies.ts'
import { recordEvent } from '../events/record.ts'

interface SupplyExpiryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'list' | 'remove'>
}

/** So long a supplied film waits for its second person, and bytes for the event that names them. */
export const supplyWaitDays = 30
const supplyWaitMs = supplyWaitDays * 24 * 60 * 60_000
const batchMax = 100
/** Objects whose rows are looked up at once. */
const lookUpMax = 500

/**
 * Ends supplied films on which nobody decided in 30 days, each with its event, and deletes their bytes from the store; so it
 * does with bytes of that age which no row names, because the event that would have named them was never written. What was
 * decided on stays, refused or confirmed. What a crash left half-done is taken up by the next call. Returns how many films
 * expired and how many objects were deleted.
 *
 * @throws database_down, store_down
 */
export async function expireSupplies(deps: SupplyExpiryDeps): Promise<{ expired: number; deleted: number }> {
  const { db, clock } = deps
  const before = new Date(clock.now().getTime() - supplyWaitMs)
  const overdue = await db
    .selectFrom('rendition_supply')
    .where('state', '=', 'proposed')
    .where('proposed_at', '<=', before)
    .select(['id', 'recording_id'])
    .orderBy('proposed_at')
    .limit(batchMax)
    .execute()
  let expired = 0
  for (const { id, recording_id } of overdue) if (await expireSupply(db, clock, id, recording_id)) expired++
  return { expired, deleted: await deleteLeftovers(deps, before) }
}

async function expireSupply(db: Db, clock: Clock, id: string, recordingId: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { deviceSerial } = await lockRecording(trx, recordingId)
    // Somebody may have decided meanwhile.
    const supply = await trx
      .updateTable('rendition_supply')
      .set({ state: 'expired' })
      .where('id', '=', id)
      .where('state', '=', 'proposed')
      .returning(['sha256', 'bytes', 'object_key', 'version_id', 'proposed_by', 'proposed_at'])
      .executeTakeFirst()
    if (!supply) return false
    await recordEvent(trx, 'rendition.supply_expired', {
      clock,
      actor: 'expire',
      actorRole: 'service',
      subjects: recordingSubjects({ id: recordingId, deviceSerial }),
      details: {
        ...{ supplyId: id, sha256: supply.sha256.toString('hex'), bytes: supply.bytes },
        ...{ key: supply.object_key, versionId: supply.version_id },
        ...{ proposedBy: supply.proposed_by, proposedAt: supply.proposed_at.toISOString() },
      },
    })
    return true
  })
}

/** The rows say that a film expired before its bytes go. */
async function deleteLeftovers({ db, primary }: SupplyExpiryDeps, before: Date): Promise<number> {
  let deleted = 0
  const batch: ObjectInfo[] = []
  const flush = async () => {
    const objects = batch.splice(0)
    const kept = await keptVersions(db, objects)
    for (const { key, versionId } of objects) {
      if (kept.has(versionOf(key, versionId))) continue
      await primary.remove('derived', key, versionId)
      deleted++
    }
  }
  for await (const object of primary.list('derived', suppliedPrefix)) {
    if (object.lastModified > before || object.deleteMarker) continue
    batch.push(object)
    if (batch.length >= lookUpMax) await flush()
  }
  await flush()
  return deleted
}

/** Which of these objects a row names that did not expire. */
async function keptVersions(db: Db, objects: readonly ObjectInfo[]): Promise<Set<string>> {
  if (objects.length === 0) return new Set()
  const rows = await db
    .selectFrom('rendition_supply')
    .where(
      'object_key',
      'in',
      objects.map(({ key }) => key),
    )
    .where('state', '<>', 'expired')
    .select(['object_key', 'version_id'])
    .execute()
  return new Set(rows.map(({ object_key, version_id }) => versionOf(object_key, version_id)))
}

function versionOf(key: string, versionId: string): string {
  return `${key} ${versionId}`
}
