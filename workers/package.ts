import {
  type BuiltPackage,
  beginBuild,
  failBuild,
  finishBuild,
  noteUpload,
  packagePrefix,
} from '../services/custody/packages/build.ts'
import { Fault, isFault } from '../services/foundation/errors.ts'
import type { Store } from '../services/foundation/store/store.ts'
import { holdLease } from './hold-lease.ts'
import type { PackageDeps } from './package/deps.ts'
import { deletePackageObjects } from './package/expiry.ts'
import { BeginAgain } from './package/media.ts'
import { writePackage } from './package/write.ts'
import { finishJob, type PendingJob } from './run.ts'

const dayMs = 24 * 60 * 60_000
/** What no further run can mend by itself: the package ends as failed, and says why. */
const finalCodes: readonly string[] = ['bytes_differ', 'log_forked', 'malformed', 'bad_request', 'too_large']
/** Anything unexpected is tried so often before it ends the package too. */
const attemptsMax = 8
/** So often one run begins a package again; then the job waits for its next turn. */
const roundsMax = 8

/**
 * Job `package`: makes the package and puts it into the primary's bucket of derived files. One run at a time; a run that was
 * replaced or died leaves a started upload or a version that no row names, which the next run deletes first. The row points
 * at a file only in the transaction that enters `package.built`.
 */
export async function buildPackage(deps: PackageDeps, job: PendingJob, signal: AbortSignal): Promise<void> {
  await holdLease(deps, `package:${job.subjectId}`, signal, async (held) => {
    try {
      let again: BeginAgain | null = null
      for (let round = 0; round < roundsMax; round += 1) {
        again = await buildOnce(deps, job, again, held)
        if (!again) return
      }
      throw new Fault('not_ready', `it had to be begun again ${roundsMax} times: ${again?.message}`)
    } catch (error) {
      if (held.aborted || !isFinal(error, job)) throw error
      deps.log.warn({ err: error, packageId: job.subjectId }, 'package: it cannot be made')
      const failure = isFault(error) ? error.message : 'an error of this service: the log names it'
      await deps.db
        .transaction()
        .execute((trx) => failBuild(trx, deps.clock, { id: job.subjectId, jobId: job.id }, failure))
    }
  })
}

function isFinal(error: unknown, job: PendingJob): boolean {
  if (isFault(error))
    return finalCodes.includes(error.code) || (error.code === 'internal' && job.attempts >= attemptsMax)
  return job.attempts >= attemptsMax
}

/** Null when the package is there, or is not to be built any more; else why it has to be begun again. */
async function buildOnce(
  deps: PackageDeps,
  job: PendingJob,
  earlier: BeginAgain | null,
  signal: AbortSignal,
): Promise<BeginAgain | null> {
  const { db, clock, settings } = deps
  const { primary } = deps.stores
  const begun = await db.transaction().execute(async (trx) => {
    const beginning = await beginBuild(trx, job.subjectId)
    if (!beginning) await finishJob(trx, job.id, clock.now())
    return beginning
  })
  if (!begun) return null
  const { row, abandoned } = begun
  if (abandoned) await primary.abortMultipart({ bucket: 'derived', ...abandoned })
  await deletePackageObjects(primary, row.id)
  const key = `${packagePrefix(row.id)}evidence.zip${row.recipient_key === null ? '' : '.age'}`
  const target = { bucket: 'derived', key, ...(await primary.startMultipart('derived', key)) } as const
  try {
    await noteUpload(db, row.id, target)
    const written = await writePackage(deps, { row, target, afterEventId: earlier?.eventId ?? null }, signal)
    const object = await primary.completeMultipart(target, written.parts)
    const expiresAt = new Date(clock.now().getTime() + settings.keepDays * dayMs)
    const built: BuiltPackage = { ...written, object, multipartId: target.multipartId, expiresAt }
    try {
      await db.transaction().execute((trx) => finishBuild(trx, clock, { id: row.id, jobId: job.id }, built))
    } catch (error) {
      // Another run took over: its file counts, this one is nobody's.
      if (isFault(error, 'locked')) await primary.remove('derived', key, object.versionId)
      throw error
    }
    return null
  } catch (error) {
    await abandon(deps, primary, target)
    if (error instanceof BeginAgain) return error
    throw error
  }
}

async function abandon(
  { log }: PackageDeps,
  primary: Pick<Store, 'abortMultipart'>,
  target: { bucket: 'derived'; key: string; multipartId: string },
): Promise<void> {
  try {
    await primary.abortMultipart(target)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.warn({ err: error, key: target.key }, 'package: an unfinished upload stays for the next run')
  }
}
