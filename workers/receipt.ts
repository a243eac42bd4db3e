import { setTimeout as delay } from 'node:timers/promises'
import { dueReceipts, issueReceipt } from '../services/custody/receipt.ts'
import type { RunDeps } from './run.ts'

const pollMs = 500
const atOnceMax = 200

/**
 * Issues the receipts that are due as soon as nothing hinders them, marked recordings first, until `signal` ends it. The
 * caller holds the lease `receipt`; a second one running would issue nothing twice.
 */
export async function runReceipt(deps: RunDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await issueDue(deps, signal).catch((error: unknown) => {
      if (!signal.aborted) deps.log.warn({ err: error }, 'receipt: put off to the next round')
    })
    await delay(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

async function issueDue({ db, clock, log }: RunDeps, signal: AbortSignal): Promise<void> {
  let issued = 0
  for (const id of await dueReceipts(db, atOnceMax)) {
    if (signal.aborted) break
    if (await issueReceipt(db, clock, id)) issued += 1
  }
  if (issued > 0) log.info({ receipts: issued }, 'receipt: issued')
}
