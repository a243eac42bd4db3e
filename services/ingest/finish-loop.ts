import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
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
    const waiting = await waitingFiles(deps, atOnceMax - running.size, [...running.keys()])
    for (const [file, uploadId] of waiting) {
      const done = finishLogged(uploadId).then((result) => {
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

/** Up to `places` uploads to end now, by their file, which is none of `begun`; none while the ledger or the database is away. */
async function waitingFiles(
  deps: FinisherDeps,
  places: number,
  begun: readonly string[],
): Promise<[file: string, uploadId: string][]> {
  if (places <= 0) return []
  try {
    const files = (await waitingUploads(deps)).filter(([file]) => !begun.includes(file)).slice(0, places)
    // A seal is a change of state: it waits for the ledger. The bytes are safe meanwhile.
    if (files.length > 0) await requireLedgerCaughtUp(deps.db)
    return files
  } catch (error) {
    deps.log.warn({ err: error }, 'complete uploads wait to be sealed')
    return []
  }
}

/** Complete uploads with something to do that nobody is at: marked ones first, then in the order they came. */
async function waitingUploads(deps: FinisherDeps): Promise<[file: string, uploadId: string][]> {
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
  return [...first]
}
