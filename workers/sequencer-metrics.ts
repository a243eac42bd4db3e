import { Gauge, type Registry } from 'prom-client'
import { systemClock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { requireNearClock } from '../services/foundation/db/event-time.ts'
import { whatIsMissing } from '../services/foundation/http/readiness.ts'
import { leafDelayMs } from '../services/ledger/log/backlog.ts'
import { newestCheckpointSize } from '../services/ledger/log/newest-checkpoint.ts'

/** The tree's size and the age of the oldest event without a leaf, for Prometheus and for /readyz. */
export function observeLedger(
  db: Db,
  memories: { names: readonly string[]; unanswered(): readonly string[] },
  registry: Registry,
): { ready: () => Promise<Record<string, string>> } {
  new Gauge({
    name: 'ledger_checkpoint_size',
    help: 'Events under the newest signed checkpoint',
    registers: [registry],
    async collect() {
      this.set(await newestCheckpointSize(db))
    },
  })
  new Gauge({
    name: 'ledger_backlog_seconds',
    help: 'Age of the oldest event without a leaf',
    registers: [registry],
    async collect() {
      this.set((await leafDelayMs(db)) / 1000)
    },
  })
  new Gauge({
    name: 'ledger_memory_unanswered',
    help: '1 while a store or witness has not said since the start what it remembers of the log',
    labelNames: ['memory'],
    registers: [registry],
    collect() {
      const unanswered = memories.unanswered()
      for (const name of memories.names) this.set({ memory: name }, unanswered.includes(name) ? 1 : 0)
    },
  })
  return {
    ready: () => whatIsMissing({ database: leafDelayMs(db), clock: requireNearClock(db, systemClock) }),
  }
}
