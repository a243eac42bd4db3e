import { randomUUID } from 'node:crypto'
import { withLeaseLoop } from '../services/foundation/db/lease.ts'
import type { RunningPart } from './part.ts'
import type { RunDeps } from './run.ts'

/** Runs `work` in whichever process holds the lease `name`, until it is closed. */
export function leasedLoop(
  { db, clock, log }: RunDeps,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
): RunningPart {
  const stopper = new AbortController()
  const loop = withLeaseLoop({ db, name, holder: randomUUID(), clock, log, signal: stopper.signal }, work)
  return {
    ready: () => ({}),
    close: async () => {
      stopper.abort()
      await loop
    },
  }
}
