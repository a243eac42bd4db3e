import { holdersToStop, renewUploadLeases, type StopReason } from '../custody/intake/upload-lease.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Logger } from '../foundation/log.ts'

/** Somebody who holds an upload's lease. */
export interface LeaseUse {
  /** A number that grows while work goes on; a lease whose holder stands still is not renewed. */
  progress(): number
  /** The lease is wanted by others, or lost. */
  onStop(reason: StopReason): void
}

/**
 * Looks after every upload lease of this process with one query each 200 ms (none while there is no lease): tells holders
 * to stop within that time of being asked, and renews the leases of those who move.
 */
export interface LeaseKeeper {
  /** Looks after `holder` until the returned function is called. */
  keep(holder: string, use: LeaseUse): () => void
  close(): Promise<void>
}

const tickMs = 200
const renewMs = 2_500

interface Kept {
  readonly use: LeaseUse
  progressAtRenewal: number
}

export function openLeaseKeeper(deps: { db: Db; log: Logger }): LeaseKeeper {
  const held = new Map<string, Kept>()
  let timer: NodeJS.Timeout | null = null
  let round: Promise<void> = Promise.resolve()
  let renewedAt = performance.now()
  let isClosed = false

  const tick = async () => {
    const holders = [...held.keys()]
    if (holders.length === 0) return
    try {
      for (const [holder, reason] of await holdersToStop(deps.db, holders)) held.get(holder)?.use.onStop(reason)
      if (performance.now() - renewedAt < renewMs) return
      renewedAt = performance.now()
      await renewUploadLeases(deps.db, moving(held))
    } catch (error) {
      // Leases run out by themselves, and nothing counts that was written without one.
      deps.log.warn({ err: error, leases: holders.length }, 'the leases of uploads could not be looked after')
    }
  }
  const schedule = () => {
    timer ??= setTimeout(() => {
      round = tick().then(() => {
        timer = null
        if (held.size > 0 && !isClosed) schedule()
      })
    }, tickMs)
  }
  return {
    keep(holder, use) {
      held.set(holder, { use, progressAtRenewal: use.progress() })
      schedule()
      return () => {
        held.delete(holder)
      }
    },
    async close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      await round
    },
  }
}

/** The holders that moved since the last renewal. */
function moving(held: ReadonlyMap<string, Kept>): string[] {
  const result: string[] = []
  for (const [holder, kept] of held) {
    const progress = kept.use.progress()
    if (progress !== kept.progressAtRenewal) result.push(holder)
    kept.progressAtRenewal = progress
  }
  return result
}
