import { Fault } from '../../services/foundation/errors.ts'
import type { Store } from '../../services/foundation/store/store.ts'
import { endOfLastBatch } from '../../services/ledger/archive/close-batch.ts'
import type { DeliverDeps } from './deliver.ts'

/**
 * A batch is entered in the database before anything of it is written to a store. So a store that has one which begins
 * where the next is to begin knows more than the database: that one was put back to an earlier state, and a batch made
 * now would stand beside the true one for ever.
 *
 * @throws log_forked, store_down
 */
export async function requireNothingLater({ db, names }: DeliverDeps, store: Store): Promise<void> {
  const next = await endOfLastBatch(db)
  for await (const { key } of store.list('originals', names.eventsFrom(next))) {
    // One that held the lease before may have made it in this moment.
    if ((await endOfLastBatch(db)) > next) return
    throw new Fault(
      'log_forked',
      `${store.name} holds ${key}, which the database does not know: it was put back to an earlier state. Nothing more is archived; see "restored database" in deploy/RUNBOOK.md`,
    )
  }
}
