import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Db } from './database.ts'

// Leases of loops that must run once: a row with holder and end. All who compete must have clocks that agree to well
// within `forMs`; what a loop does must stand a short overlap all the same (each step is a transaction of its own).

/** Takes the lease for `forMs` when it is free, over, or held by `holder` (a UUID) already; false when another holds it. */
export async function takeLease(db: Db, name: string, holder: string, forMs: number, clock: Clock): Promise<boolean> {
  const now = clock.now()
  const until = new Date(now.getTime() + forMs)
  const taken = await db
    .insertInto('lease')
    .values({ name, holder, until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, until })
        .where((row) => row.or([row('lease.until', '<=', now), row('lease.holder', '=', holder)])),
    )
    .returning('name')
    .executeTakeFirst()
  return taken !== undefined
}

/** Prolongs a lease that `holder` still has; false when it is over or another has it. */
export async function renewLease(db: Db, name: string, holder: string, forMs: number, clock: Clock): Promise<boolean> {
  const now = clock.now()
  const result = await db
    .updateTable('lease')
    .set({ until: new Date(now.getTime() + forMs) })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .where('until', '>', now)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Gives the lease back at once. Not holding it is fine. */
export async function releaseLease(db: Db, name: string, holder: string): Promise<void> {
  await db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute()
}

/** Names of all leases that somebody holds at `now`. */
export async function heldLeases(db: Db, now: Date): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('lease').select('name').where('until', '>', now).execute()
  return new Set(rows.map(({ name }) => name))
}

export interface LeaseLoopOptions {
  readonly db: Db
  readonly name: string
  readonly holder: string
  readonly clock: Clock
  readonly log: Logger
  /** Ends the loop; the lease is given back. */
  readonly signal: AbortSignal
  /** How long the lease lasts without renewal; it is renewed every third of it. Default 10 s. */
  readonly forMs?: number
}

/**
 * Runs `work` while this process holds the lease, and waits for it otherwise. The signal given to `work` is aborted when
 * the lease is lost or the loop is to end; `work` that returns or throws is begun again (an error is logged, with a wait).
 * Resolves after `options.signal` is aborted and `work` has ended.
 */
export async function withLeaseLoop(
  options: LeaseLoopOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { db, name, holder, clock, log, signal } = options
  const forMs = options.forMs ?? 10_000
  while (!signal.aborted) {
    try {
      if (await takeLease(db, name, holder, forMs, clock)) await holdWhile({ ...options, forMs }, work)
      else await pause(forMs / 10, signal)
    } catch (error) {
      if (signal.aborted) break
      log.error({ err: error, lease: name }, 'a loop failed and begins again')
      await pause(1000, signal)
    }
  }
  await releaseLease(db, name, holder).catch((error) =>
    log.warn({ err: error, lease: name }, 'the lease runs out by itself'),
  )
}

async function holdWhile(
  { db, name, holder, clock, log, signal, forMs }: LeaseLoopOptions & { forMs: number },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController()
  const held = AbortSignal.any([signal, lost.signal])
  const renewals = (async () => {
    let renewedAt = performance.now()
    while (!held.aborted) {
      await pause(forMs / 3, held)
      if (held.aborted) return
      const isRenewed = await renewLease(db, name, holder, forMs, clock).catch((error) => {
        log.warn({ err: error, lease: name }, 'the lease could not be renewed')
        // Unknown, not lost: the database may be back before the lease is over.
        return performance.now() - renewedAt < forMs * 0.8 ? null : false
      })
      if (isRenewed) renewedAt = performance.now()
      if (isRenewed === false) lost.abort(new Error(`the lease ${name} was lost`))
    }
  })()
  try {
    await work(held)
  } finally {
    const wasLost = lost.signal.aborted
    lost.abort()
    await renewals
    if (wasLost) log.warn({ lease: name }, 'a loop stopped because its lease was lost')
  }
}

/** Waits, at most until the signal is aborted; never rejects. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
