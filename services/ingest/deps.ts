import type { SealOutcome } from '../custody/intake/seal.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Logger } from '../foundation/log.ts'
import type { Store } from '../foundation/store/store.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import type { HashMemory } from './receive/hash-memory.ts'

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
  /** With which the digests of work cards and dock codes are made; null where a bureau has none. */
  readonly dockPassKey: string | null
}

/** What became of one attempt: an outcome, or why there is none yet. */
export type FinishResult = SealOutcome | 'waits_for_digest' | 'not_complete' | 'busy' | 'begins_again'

/** Takes complete uploads to their end, those included that a crash left behind: recovery is the same loop. */
export interface Finisher {
  /** An upload is complete, or its digest came: look at once. */
  wake(): void
  /** Ends one upload now and says how it went; a failure is the loop's to try again. */
  finishNow(uploadId: string): Promise<FinishResult | 'failed'>
  /** Ends after the uploads under way. */
  close(): Promise<void>
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
