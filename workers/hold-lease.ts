import type { Clock } from '../services/foundation/clock.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { releaseLease, renewLease, takeLease } from '../services/foundation/db/lease.ts'
import { Fault } from '../services/foundation/errors.ts'
import { newId } from '../services/foundation/id.ts'
import type { Logger } from '../services/foundation/log.ts'

const leaseMs = 15_000
const renewEveryMs = 4000

/**
 * Runs `work` while this call alone holds the lease. A holder that dies is replaced after 15 s; one that cannot renew in
 * time finds its signal aborted.
 *
 * @throws locked when another holds it
 */
export async function holdLease<T>(
  deps: { db: Db; clock: Clock; log: Logger },
  name: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { db, clock, log } = deps
  const holder = newId()
  if (!(await takeLease(db, name, holder, leaseMs, clock))) {
    throw new Fault('locked', `another process holds ${name}`)
  }
  const lost = new AbortController()
  let renewedAt = performance.now()
  let isOver = false
  const renew = async (): Promise<void> => {
    const kept = await renewLease(db, name, holder, leaseMs, clock).catch((error: unknown) => {
      log.warn({ err: error, lease: name }, 'a lease could not be renewed')
      return performance.now() - renewedAt < leaseMs - renewEveryMs
    })
    if (kept) renewedAt = performance.now()
    // A renewal that was under way when the lease was given back finds no lease: nothing was lost.
    else if (!isOver) lost.abort(new Fault('locked', `the lease ${name} was lost`))
  }
  const timer = setInterval(renew, renewEveryMs)
  try {
    return await work(AbortSignal.any([signal, lost.signal]))
  } finally {
    isOver = true
    clearInterval(timer)
    await releaseLease(db, name, holder).catch((error: unknown) => {
      log.warn({ err: error, lease: name }, 'the lease runs out by itself')
    })
  }
}
