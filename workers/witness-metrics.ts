import { Gauge, type Registry } from 'prom-client'
import type { Clock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import type { Policy } from '../services/ledger/format/policy.ts'
import { unwitnessedSince, witnessStates } from '../services/ledger/witness/state.ts'

interface Observed {
  readonly db: Db
  readonly policy: Policy
  readonly clock: Clock
}

/** Shorter than this is a witness at work. */
const unwitnessedMsTold = 60_000

/** How far outsiders have seen the ledger, for Prometheus. A witness that never answered is +Inf seconds away. */
export function observeWitnesses({ db, policy, clock }: Observed, registry: Registry): void {
  const secondsSince = (time: Date) => Math.max(0, clock.now().getTime() - time.getTime()) / 1000
  new Gauge({
    name: 'ledger_unwitnessed_seconds',
    help: 'Age of the oldest checkpoint that is newer than the last witnessed one; 0 when all is witnessed',
    registers: [registry],
    async collect() {
      const since = await unwitnessedSince(db, policy)
      this.set(since ? secondsSince(since) : 0)
    },
  })
  const lastOk = new Gauge({
    name: 'witness_last_ok_seconds',
    help: 'Time since a witness last cosigned',
    labelNames: ['name'] as const,
    registers: [registry],
    async collect() {
      for (const { name, lastOkAt, alarm } of await witnessStates(db, policy)) {
        lastOk.set({ name }, lastOkAt ? secondsSince(lastOkAt) : Number.POSITIVE_INFINITY)
        alarms.set({ name }, alarm === null ? 0 : 1)
      }
    },
  })
  const alarms = new Gauge({
    name: 'witness_alarm',
    help: '1 while a witness says that the ledger is not the one it cosigned',
    labelNames: ['name'] as const,
    registers: [registry],
  })
}

/** What somebody should look at, by name: witnesses that do not answer or speak against the log, and what is unwitnessed. */
export async function witnessWarnings({ db, policy, clock }: Observed): Promise<Record<string, string>> {
  const warnings: Record<string, string> = {}
  for (const { name, alarm, lastError } of await witnessStates(db, policy)) {
    const problem = alarm ?? lastError
    if (problem !== null) warnings[`witness ${name}`] = problem
  }
  const since = await unwitnessedSince(db, policy)
  if (since && clock.now().getTime() - since.getTime() > unwitnessedMsTold) {
    warnings.ledger = `unwitnessed since ${since.toISOString()}`
  }
  return warnings
}
