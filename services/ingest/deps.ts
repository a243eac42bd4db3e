import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Logger } from '../foundation/log.ts'
import type { Store } from '../foundation/store/store.ts'
import { type Finisher, startFinisher } from './finish-loop.ts'
import { type LeaseKeeper, openLeaseKeeper } from './lease-keeper.ts'
import { type HashMemory, openHashMemory } from './receive/hash-memory.ts'

/** What a bureau may set about taking in footage. */
export interface IngestSettings {
  /** Largest file by tus. */
  readonly uploadBytesMax: number
  /** Largest file by multipart form. */
  readonly footageBytesMax: number
  /** An unfinished upload without a new byte for this long expires. */
  readonly idleDays: number
  /** A complete upload without the dock's digest is sealed after this long, and flagged. */
  readonly digestWaitMs: number
  readonly lockFirstDays: number
  /** The ledger's policy asks for witnesses: without them receipts stay provisional. */
  readonly hasWitnesses: boolean
}

/** What the handlers of ingest work with. */
export interface IngestDeps {
  readonly db: Db
  /** The primary store. */
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly settings: IngestSettings
  readonly hashes: HashMemory
  readonly leases: LeaseKeeper
  readonly finisher: Finisher
}

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
