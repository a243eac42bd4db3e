import { Gauge, type Registry } from 'prom-client'
import type { Db } from '../services/foundation/db/database.ts'
import { jobNames } from '../services/foundation/queue/jobs.ts'

/** How many jobs wait, and for how long the oldest has, by kind: what an operator looks at first. */
export function observeJobs(db: Db, registry: Registry): void {
  const pending = new Gauge({
    name: 'custody_jobs_pending',
    help: 'Jobs that are not done',
    labelNames: ['job'] as const,
    registers: [registry],
    async collect() {
      const rows = await pendingByName(db)
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

async function pendingByName(db: Db): Promise<{ name: string; jobs: number; oldest: Date }[]> {
  return db
    .selectFrom('job')
    .select((eb) => ['name', eb.fn.countAll<number>().as('jobs'), eb.fn.min('created_at').as('oldest')])
    .where('state', '=', 'pending')
    .groupBy('name')
    .execute()
}
