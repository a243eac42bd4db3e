import type { Db } from '../../foundation/db/database.ts'
import type { Store } from '../../foundation/store/store.ts'
import type { LogKeys } from '../../ledger/format/log-keys.ts'

export interface LedgerCopyCheck {
  readonly db: Db
  readonly store: Store
  readonly log: LogKeys
  /** Whether the object's bytes are read and hashed. */
  readonly isRead: (key: string) => boolean
  readonly signal?: AbortSignal
}
