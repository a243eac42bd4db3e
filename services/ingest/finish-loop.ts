import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { isFault } from '../foundation/errors.ts'
import { requireLedgerCaughtUp } from '../ledger/backlog.ts'
import type { IngestDeps } from './deps.ts'
import { type FinishResult, finishUpload } from './finish.ts'

/** Takes complete uploads to their end, those included that a crash left behind: recovery is the same loop. */
export interface Finisher {
  /** An upload is complete, or its digest came: look at once. */
  wake(): void
  /** Ends one upload now and says how it went; a failure is the loop's to try again. */
  finishNow(uploadId: string): Promise<FinishResult | 'failed'>
  /** Ends after the uploads under way. */
  close(): Promise<void>
}

type FinisherDeps = Pick<IngestDeps, 'db' | 'store' | 'clock' | 'log' | 'leases' | 'settings'>

const pollMs = 2_000
const atOnceMax = 4

export function startFinisher(deps: FinisherDeps): Finisher {
  const stopper = new AbortController()
  let wake: () => void = () => undefined
  const finishLogged = async (uploadId: string): Promise<FinishResult | 'failed'> => {
    try {
      return await finishUpload(deps, uploadId)
    } catch (error) {
      const alarm = isFault(error, 'bytes_differ') || isFault(error, 'not_locked')
      deps.log.error({ err: error, uploadId, alarm }, 'a complete upload could not be sealed; it is tried again')
      return 'failed'
    }
  }
  const run = async () => {
    while (!stopper.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const wasBusy = await finishWaiting(deps, finishLogged)
      if (!wasBusy)
        await Promise.race([woken, delay(pollMs, undefined, { signal: stopper.signal }).catch(() => undefined)])
    }
  }
  const ended = run()
  return {
    wake: () => wake(),
    finishNow: finishLogged,
    async close() {
      stopper.abort()
      wake()
      await ended
    },
  }
}

/** One round; true when there was something to do. */
async function finishWaiting(
  deps: FinisherDeps,
  finish: (uploadId: string) => Promise<FinishResult | 'failed'>,
): Promise<boolean> {
  try {
    const ids = await waitingUploads(deps)
    if (ids.length === 0) return false
    // A seal is a change of state: it waits for the ledger. The bytes are safe meanwhile.
    await requireLedgerCaughtUp(deps.db)
    const results = await Promise.all(ids.map(finish))
    return results.some((result) => result !== 'failed' && result !== 'busy')
  } catch (error) {
    deps.log.warn({ err: error }, 'complete uploads wait to be sealed')
    return false
  }
}

/** Complete uploads with something to do that nobody is at: marked ones first, then in the order they came. */
async function waitingUploads(deps: FinisherDeps): Promise<string[]> {
  const sealedWithoutDigest = new Date(deps.clock.now().getTime() - deps.settings.digestWaitMs)
  const rows = await deps.db
    .selectFrom('upload')
    .select(['id', 'device_serial', 'bytes'])
    .where('state', '=', 'complete')
    .where((where) => where.or([where('lease_holder', 'is', null), where('lease_until', '<', sql<Date>`now()`)]))
    .where((where) =>
      where.or([
        where('declared_sha256', 'is not', null),
        where('version_id', 'is', null),
        where('sha256', 'is', null),
        where('completed_at', '<=', sealedWithoutDigest),
      ]),
    )
    .orderBy('mark', 'desc')
    .orderBy('completed_at')
    .limit(atOnceMax * 4)
    .execute()
  // What may be the same file goes one after another, so that the second finds the first and its version stays unlocked.
  const first = new Map<string, string>()
  for (const { id, device_serial: serial, bytes } of rows) {
    const file = `${bytes} ${serial}`
    if (!first.has(file)) first.set(file, id)
  }
  return [...first.values()].slice(0, atOnceMax)
}
