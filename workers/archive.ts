import { setTimeout as delay } from 'node:timers/promises'
import { raiseLedgerAlarm } from '../services/custody/anchoring/ledger-copy.ts'
import type { Notices } from '../services/foundation/db/notices.ts'
import { Fault, isFault } from '../services/foundation/errors.ts'
import { type Store, storeNames } from '../services/foundation/store/store.ts'
import { closeBatch, hasUnbatchedLeaves } from '../services/ledger/archive/close-batch.ts'
import { archiveNames } from '../services/ledger/archive/names.ts'
import { type LogKeys, logKeysOfSetting } from '../services/ledger/format/log-keys.ts'
import { type DeliverDeps, deliverNext } from './archive/deliver.ts'
import { requireNothingLater } from './archive/later-archive.ts'

export interface ArchiveDeps extends Omit<DeliverDeps, 'names'> {
  readonly notices: Notices
  /** The ledger's name. */
  readonly origin: string
  /** The log's keys, as LEDGER_VERIFIER_KEY holds them. */
  readonly verifierKey: string
  readonly recoveryRecipient: string
}

interface Archiving extends DeliverDeps {
  readonly notices: Notices
  readonly recoveryRecipient: string
  readonly logKeys: LogKeys
  /** Stores that hold what this database does not know of: no batch is made while there is one. */
  readonly ahead: Set<string>
}

/** From look to look while signed events rest until a batch is made of them. */
const restingMs = 1000
/** A checkpoint or a batch whose notice was lost is found after this time. */
const unnoticedMs = 5000
const awayMs = 5000
/** Something that only a person can mend: tried again all the same, so that mending is enough. */
const brokenMs = 60_000
/** So long the first batch waits to hear from every store whether the database is an earlier one. */
const firstLookMs = 5000

/**
 * Copies the ledger and its events onto the three stores until `signal` ends it: batches are made from what was signed,
 * and each store gets them in its own time. A store that is away delays neither the others nor the ledger. The caller
 * holds the lease `archive`; a second one running finds its work done.
 */
export async function runArchive(deps: ArchiveDeps, signal: AbortSignal): Promise<void> {
  const logKeys = logKeysOfSetting(deps.verifierKey, deps.origin)
  const archiving = { ...deps, logKeys, names: archiveNames(deps.origin), ahead: new Set<string>() }
  const looked = storeNames.map(() => Promise.withResolvers<void>())
  await Promise.all([
    ...storeNames.map((name, n) => keepStore(archiving, deps.stores[name], () => looked[n]!.resolve(), signal)),
    Promise.race([Promise.all(looked.map(({ promise }) => promise)), pause(firstLookMs, signal)]).then(() =>
      keepClosing(archiving, signal),
    ),
  ])
}

async function keepClosing(deps: Archiving, signal: AbortSignal): Promise<void> {
  const told = new Set<string>()
  const checkpoints = deps.notices.subscribe('checkpoint', signal)
  while (!signal.aborted) {
    try {
      const batch = deps.ahead.size === 0 ? await closeBatch(deps, deps.clock.now()) : null
      if (batch) told.clear()
      for (const index of batch?.damaged ?? []) {
        const reason = `body or salt of leaf ${index} is not what it committed: archived without them, run custody fsck`
        await raiseLedgerAlarm(deps.db, deps.clock, { alarm: 'event_differs', store: null, reason })
      }
      if (batch) continue
      if (await hasUnbatchedLeaves(deps.db)) await pause(restingMs, signal)
      else await checkpoints.wait(unnoticedMs, signal)
    } catch (error) {
      deps.log.error({ err: error }, 'archive: no batch could be made')
      if (isFault(error, 'log_forked')) await tellChanged(deps, error.message, told)
      await pause(awayMs, signal)
    }
  }
}

/** Once, until a batch is made again. */
async function tellChanged({ db, clock, log }: Archiving, reason: string, told: Set<string>): Promise<void> {
  if (told.size > 0) return
  try {
    await raiseLedgerAlarm(db, clock, { alarm: 'event_differs', store: null, reason })
    told.add(reason)
  } catch (failure) {
    log.error({ err: failure }, 'archive: the alarm could not be entered')
  }
}

async function keepStore(deps: Archiving, store: Store, looked: () => void, signal: AbortSignal): Promise<void> {
  const told = new Set<string>()
  const batches = deps.notices.subscribe('event_archive_batch', signal)
  let isLooked = false
  while (!signal.aborted) {
    try {
      if (!isLooked) await requireNothingLater(deps, store)
      isLooked = true
      deps.ahead.delete(store.name)
      looked()
      const batch = await deliverNext(deps, store, signal)
      told.clear()
      if (!batch) await batches.wait(unnoticedMs, signal)
    } catch (error) {
      if (signal.aborted) return
      if (isFault(error, 'log_forked')) deps.ahead.add(store.name)
      looked()
      await tell(deps, store, error, told)
      await pause(isFault(error) && error.retry ? awayMs : brokenMs, signal)
    }
  }
}

/** Once for each thing that is wrong: in the log, and where the store holds what it must not, in the ledger. */
async function tell({ db, clock, log }: Archiving, store: Store, error: unknown, told: Set<string>): Promise<void> {
  const fault = isFault(error) ? error : new Fault('internal', 'it failed', { cause: error })
  if (told.has(fault.message)) return
  log.error({ err: error, store: store.name }, 'archive: the store does not get its copy')
  try {
    const alarm = fault.code === 'bytes_differ' ? 'ledger_copy_differs' : 'ledger_older_than_store'
    const isAlarm = fault.code === 'bytes_differ' || fault.code === 'log_forked'
    if (isAlarm) await raiseLedgerAlarm(db, clock, { alarm, store, reason: fault.message })
    told.add(fault.message)
  } catch (failure) {
    log.error({ err: failure, store: store.name }, 'archive: the alarm could not be entered')
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
