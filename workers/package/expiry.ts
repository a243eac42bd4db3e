import { setTimeout as delay } from 'node:timers/promises'
import { expirePackage, overduePackages, packagePrefix } from '../../services/custody/packages/build.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import type { RunDeps } from '../run.ts'

const everyMs = 60_000

/**
 * Deletes packages whose time is over, until `signal` ends it. The caller holds a lease; a second one running would change
 * nothing more.
 */
export async function runPackageExpiry(
  deps: RunDeps & { primary: Pick<Store, 'list' | 'remove'> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const expired = await expirePackages(deps)
      if (expired > 0) deps.log.info({ packages: expired }, 'packages expired')
    } catch (error) {
      deps.log.warn({ err: error }, 'packages: expiry is put off to the next round')
    }
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

/** One round: the bytes go first, so that a package that says it is expired has none left. Returns how many expired. */
export async function expirePackages({
  db,
  clock,
  primary,
}: Pick<RunDeps, 'db' | 'clock'> & { primary: Pick<Store, 'list' | 'remove'> }): Promise<number> {
  let expired = 0
  for (const id of await overduePackages(db, clock.now())) {
    await deletePackageObjects(primary, id)
    const isExpired = await db.transaction().execute((trx) => expirePackage(trx, clock, id))
    if (isExpired) expired++
  }
  return expired
}

/** Deletes every version that lies under a package's name, whatever run left it. */
export async function deletePackageObjects(primary: Pick<Store, 'list' | 'remove'>, id: string): Promise<void> {
  for await (const { key, versionId } of primary.list('derived', packagePrefix(id))) {
    await primary.remove('derived', key, versionId)
  }
}
