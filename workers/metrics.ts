import { Gauge, type Registry } from 'prom-client'
import { systemClock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { jobNames } from '../services/foundation/queue/jobs.ts'
import { pendingJobCounts } from '../services/foundation/queue/publication.ts'
import { storeNames } from '../services/foundation/store/store.ts'
import { archiveLagMs } from '../services/ledger/archive/lag.ts'

/** How many jobs wait, and for how long the oldest has, by kind: what an operator looks at first. */
export function observeJobs(db: Db, registry: Registry): void {
  const pending = new Gauge({
    name: 'custody_jobs_pending',
    help: 'Jobs that are not done',
    labelNames: ['job'] as const,
    registers: [registry],
    async collect() {
      const rows = await pendingJobCounts(db)
      for (const job of jobNames) {
        const row = rows.find(({ name }) => name === job)
        pending.set({ job }, Number(row?.jobs ?? 0))
        oldest.set({ job }, row ? (Date.now() - row.oldest.getTime()) / 1000 : 0)
      }
    },
  })
  const oldest = new Gauge({
    name: 'custody_jobs_oldest_pending_seconds',
    help: 'Age of the oldest job that is not done',
    labelNames: ['job'] as const,
    registers: [registry],
  })
}

/** Store by store, how long the oldest event with a leaf waits to be archived: within a minute all stores must have it. */
export function observeArchive(db: Db, registry: Registry): void {
  new Gauge({
    name: 'ledger_archive_lag_seconds',
    help: 'Age of the oldest event with a leaf that is not archived on the store',
    labelNames: ['store'] as const,
    registers: [registry],
    async collect() {
      const lag = await archiveLagMs(db, systemClock.now())
      for (const store of storeNames) this.set({ store }, lag[store] / 1000)
    },
  })
}
