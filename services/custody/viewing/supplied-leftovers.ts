import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { suppliedPrefix } from '../../foundation/store/keys.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'

interface LeftoverDeps {
  readonly db: Db
  readonly clock: Clock
  readonly primary: Pick<Store, 'list' | 'remove'>
}

/** So long the bytes of a supplied film wait for the event and the row that name them. */
export const leftoverDays = 30
const leftoverMs = leftoverDays * 24 * 60 * 60_000
/** Objects whose rows are looked up at once. */
const lookUpMax = 500

/**
 * Deletes bytes below `supplied/` that are older than 30 days and that no row names: the request that sent them broke off
 * before they became a proposal, so nobody was ever told that they were taken. A film that was taken stays, whatever is
 * decided on it, and however late. What a crash left undone is done by the next call. Returns how many objects were deleted.
 *
 * @throws database_down, store_down
 */
export async function deleteLeftovers({ db, clock, primary }: LeftoverDeps): Promise<number> {
  const before = new Date(clock.now().getTime() - leftoverMs)
  let deleted = 0
  const batch: ObjectInfo[] = []
  const flush = async () => {
    const objects = batch.splice(0)
    const named = await namedVersions(db, objects)
    for (const { key, versionId } of objects) {
      if (named.has(versionOf(key, versionId))) continue
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

/** Which of these objects a row names. */
async function namedVersions(db: Db, objects: readonly ObjectInfo[]): Promise<Set<string>> {
  if (objects.length === 0) return new Set()
  const keys = objects.map(({ key }) => key)
  const rows = await db
    .selectFrom('rendition_supply')
    .where('object_key', 'in', keys)
    .select(['object_key', 'version_id'])
    .execute()
  return new Set(rows.map(({ object_key, version_id }) => versionOf(object_key, version_id)))
}

function versionOf(key: string, versionId: string): string {
  return `${key} ${versionId}`
}
