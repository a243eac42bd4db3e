import { setTimeout as delay } from 'node:timers/promises'
import { type CompleteUpload, completeUploads } from '../custody/intake/complete-uploads.ts'
import { isFault } from '../foundation/errors.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import type { Finisher, FinishResult, IngestDeps } from './deps.ts'
import { finishUpload } from './finish.ts'

type FinisherDeps = Pick<IngestDeps, 'db' | 'store' | 'clock' | 'log' | 'leases' | 'settings'>

const pollMs = 2_000
const atOnceMax = 8

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
  const running = new Map<string, Promise<void>>()
  /** Begins what waits, as far as there are places: a large one that is read again must not hold up the others. */
  const beginWaiting = async (): Promise<void> => {
    for (const { id, file } of await waitingUploads(deps, atOnceMax - running.size, running)) {
      const done = finishLogged(id).then((result) => {
        running.delete(file)
        if (result !== 'failed' && result !== 'busy') wake()
      })
      running.set(file, done)
    }
  }
  const run = async () => {
    while (!stopper.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      await beginWaiting()
      await Promise.race([woken, delay(pollMs, undefined, { signal: stopper.signal }).catch(() => undefined)])
    }
    await Promise.all(running.values())
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

/** Up to `places` uploads to finish now, none of a file in `running`; none while the ledger or the database is away. */
async function waitingUploads(
  deps: FinisherDeps,
  places: number,
  running: ReadonlyMap<string, unknown>,
): Promise<CompleteUpload[]> {
  if (places <= 0) return []
  const { clock, settings } = deps
  const options = { now: clock.now(), digestWaitMs: settings.digestWaitMs, limit: atOnceMax * 4 }
  try {
    const complete = await completeUploads(deps.db, options)
    const waiting = complete.filter(({ file }) => !running.has(file)).slice(0, places)
    // A seal is a change of state: it waits for the ledger. The bytes are safe meanwhile.
    if (waiting.length > 0) await requireLedgerCaughtUp(deps.db)
    return waiting
  } catch (error) {
    deps.log.warn({ err: error }, 'complete uploads wait to be sealed')
    return []
  }
}
