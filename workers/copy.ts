import { primaryCopy, type SealedRecording, sealedRecording } from '../services/custody/copies/copies.ts'
import { openOriginal } from '../services/custody/copies/read-original.ts'
import { enterDamage, equalsSealed } from '../services/custody/copies/verification.ts'
import { Fault } from '../services/foundation/errors.ts'
import { type Store, type StoreName, type Stores, storeNames } from '../services/foundation/store/store.ts'
import { adoptVersion, proveAndEnter } from './copy/backup.ts'
import { type Branch, teeChecked } from './copy/tee.ts'
import { holdLease } from './hold-lease.ts'
import { readSha256 } from './read-copy.ts'
import { finishJob, type PendingJob, type RunDeps } from './run.ts'

export interface CopyDeps extends RunDeps {
  readonly stores: Stores
  /** Throws while a store's locks are not proven to hold (workers/canary.ts): nothing is copied onto such a store. */
  readonly requireLocksProven: (store: StoreName) => void
}

/**
 * Job `copy`: brings every missing backup of a recording up from the primary, which is read once for all of them. Each
 * backup stands for itself: one that is away or full does not stop the other, and the job comes back for it until it is
 * there.
 */
export async function copy(deps: CopyDeps, job: PendingJob, signal: AbortSignal): Promise<void> {
  await holdLease(deps, `copy:${job.subjectId}`, signal, async (held) => {
    const recording = await sealedRecording(deps.db, job.subjectId)
    const missing = missingBackups(deps.stores, recording)
    const failures = missing.length > 0 ? await bringUp(deps, recording, missing, held) : []
    if (failures.length > 0) throw asOne(failures)
    await deps.db.transaction().execute((trx) => finishJob(trx, job.id, deps.clock.now()))
  })
}

function missingBackups(stores: Stores, recording: SealedRecording): Store[] {
  const isIntact = recording.copies.get('primary')?.state !== 'damaged'
  return isIntact ? storeNames.filter((name) => !recording.copies.has(name)).map((name) => stores[name]) : []
}

/** Returns what went wrong; an empty list means that every backup has a result. */
async function bringUp(
  deps: CopyDeps,
  recording: SealedRecording,
  missing: readonly Store[],
  signal: AbortSignal,
): Promise<unknown[]> {
  const failures: unknown[] = []
  const empty: Store[] = []
  const looks = await Promise.allSettled(
    missing.map(async (store) => {
      deps.requireLocksProven('primary')
      deps.requireLocksProven(store.name)
      if (!(await adoptVersion(deps, store, recording, signal))) empty.push(store)
    }),
  )
  for (const look of looks) if (look.status === 'rejected') failures.push(look.reason)
  signal.throwIfAborted()
  if (empty.length === 0) return failures

  const { object } = primaryCopy(recording)
  const branches = empty.map(
    (store): Branch<void> =>
      async (source) => {
        const options = { bytes: recording.bytes, signal }
        const written = await store.putStream('originals', object.key, source, options)
        const storedAt = deps.clock.now()
        await proveAndEnter(deps, store, recording, { object: written, adopted: false, storedAt }, signal)
      },
  )
  const source = await openOriginal({
    of: { recordingId: recording.id },
    store: deps.stores.primary,
    copy: object,
    bytes: recording.bytes,
    length: 'compared',
    signal,
  })
  const outcome = await teeChecked(source, branches, recording)
  if ('wrong' in outcome) return [...failures, ...(await judgePrimary(deps, recording, signal))]
  for (const branch of outcome.branches) if (branch.status === 'rejected') failures.push(branch.reason)
  return failures
}

/** The primary gave other bytes than were sealed. Read once more by itself: still other bytes are damage, and a result. */
async function judgePrimary(deps: CopyDeps, recording: SealedRecording, signal: AbortSignal): Promise<unknown[]> {
  const { primary } = deps.stores
  const { object } = primaryCopy(recording)
  const found = await readSha256(primary, object, recording, signal)
  if (equalsSealed(recording, found)) {
    return [
      new Fault('store_down', `primary gave other bytes of ${object.key} once and the right ones now: read again`),
    ]
  }
  const damage = { store: 'primary', hostName: primary.hostName, object, found, actor: 'copy' } as const
  await deps.db.transaction().execute((trx) => enterDamage(trx, deps.clock, recording, damage))
  return []
}

function asOne(failures: readonly unknown[]): unknown {
  return failures.length === 1
    ? failures[0]
    : new Fault(
        'store_down',
        failures.map((failure) => (failure instanceof Fault ? failure.message : 'a backup failed')).join('; '),
        {
          cause: new AggregateError(failures),
        },
      )
}
