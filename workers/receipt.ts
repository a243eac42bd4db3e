import { setTimeout as delay } from 'node:timers/promises'
import { dueReceipts, issueReceipt } from '../services/custody/receipts/receipt.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { isFault } from '../services/foundation/errors.ts'
import type { RunDeps } from './run.ts'

/** From one part of those that are due to the next, when there are more than `atOnceMax`; also after a failure. */
const nextPartMs = 500
/** A receipt that became possible without a notice is issued after this time. */
const unnoticedMs = 5_000
const atOnceMax = 200

/**
 * Issues the receipts that are due as soon as nothing hinders them, marked recordings first, until `signal` ends it. The
 * caller holds the lease `receipt`; a second one running would issue nothing twice.
 */
export async function runReceipt(deps: RunDeps & { readonly notices: Notices }, signal: AbortSignal): Promise<void> {
  // However many cannot be issued now, or ever: those behind them have their turn before these are looked at again.
  const putOff = new Set<string>()
  // What a receipt waits for last is always that its events are archived.
  const archived = deps.notices.subscribe('archive_progress', signal)
  while (!signal.aborted) {
    const isWholeRound = await issueDue(deps, putOff, signal).catch((error: unknown) => {
      if (!signal.aborted) deps.log.warn({ err: error }, 'receipt: put off to the next round')
      return false
    })
    if (isWholeRound) await archived.wait(unnoticedMs, signal)
    else await delay(nextPartMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Returns whether all that are due have had their turn. */
async function issueDue(deps: RunDeps, putOff: Set<string>, signal: AbortSignal): Promise<boolean> {
  const due = await dueReceipts(deps.db, atOnceMax, [...putOff])
  let issued = 0
  for (const id of due) {
    if (signal.aborted) break
    if (await isIssued(deps, id)) issued += 1
    else putOff.add(id)
  }
  if (issued > 0) deps.log.info({ receipts: issued }, 'receipt: issued')
  if (due.length === atOnceMax) return false
  putOff.clear()
  return true
}

/** One that cannot be issued must not keep the others from theirs. */
async function isIssued({ db, clock, log }: RunDeps, recordingId: string): Promise<boolean> {
  try {
    return await issueReceipt(db, clock, recordingId)
  } catch (error) {
    // Away is away for all of them.
    if (isFault(error, 'database_down')) throw error
    log.error({ err: error, recordingId }, 'receipt: this one cannot be issued')
    return false
  }
}
