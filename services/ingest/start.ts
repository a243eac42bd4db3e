import type { IngestDeps } from './deps.ts'
import { startFinisher } from './finish-loop.ts'
import { openLeaseKeeper } from './lease-keeper.ts'
import { openHashMemory } from './receive/hash-memory.ts'

/** Starts what runs beside the requests: the lease keeper and the loop that seals complete uploads. */
export function startIngest(
  deps: Pick<IngestDeps, 'db' | 'store' | 'clock' | 'log' | 'settings'>,
): IngestDeps & { close(): Promise<void> } {
  const leases = openLeaseKeeper(deps)
  const finisher = startFinisher({ ...deps, leases })
  return {
    ...deps,
    leases,
    finisher,
    hashes: openHashMemory(),
    async close() {
      await finisher.close()
      await leases.close()
    },
  }
}
