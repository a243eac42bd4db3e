import { systemClock } from '../services/foundation/clock.ts'
import { openDatabase } from '../services/foundation/db/database.ts'
import { closeStores, openStores } from '../services/foundation/store/open.ts'
import { runNightly } from './nightly.ts'
import type { PartDeps, RunningPart } from './parts.ts'
import { runReconcile } from './reconcile.ts'
import { startStoreAudit } from './store-audit.ts'

/** A check of ten million events sorts and groups longer than any service may. */
const checkStatementMsMax = 30 * 60_000

/** Every process that is told to may listen: each report is kept once, whoever takes it. */
export async function startStoreAuditPart({ db, config, log }: PartDeps): Promise<RunningPart> {
  // readWorkersConfig gives the settings of whatever part is to run.
  const { listen, tokens, credentials, buckets } = config.checks.audit!
  const receiver = await startStoreAudit({
    ...{ db, log, listen, tokens, clock: systemClock },
    reading: { buckets, credentials },
  })
  return { ready: () => ({}), close: () => receiver.close() }
}

export function reconcileWork({ db, config, log }: PartDeps): (signal: AbortSignal) => Promise<void> {
  const deps = { db, log, clock: systemClock, graceMs: config.checks.reconcile!.graceMs }
  return (signal) => runReconcile(deps, signal)
}

/** With connections of its own: the auditor's keys for the stores, and queries that may take long. */
export function nightlyWork({ config, log }: PartDeps): (signal: AbortSignal) => Promise<void> {
  const { stores: storesConfig, ...nightly } = config.checks.nightly!
  return async (signal) => {
    const stores = openStores(storesConfig, log)
    const db = openDatabase({
      url: config.databaseUrl.reveal(),
      applicationName: 'custody nightly check',
      connectionsMax: 4,
      statementTimeoutMs: checkStatementMsMax,
      onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
    })
    try {
      await runNightly({ db, stores, log, clock: systemClock, ...nightly }, signal)
    } finally {
      await closeStores(stores)
      await db.destroy()
    }
  }
}
