import { randomUUID } from 'node:crypto'
import { openOriginal } from '../custody/copies/read-original.ts'
import { type SealOutcome, type StoredUpload, sealUpload } from '../custody/intake/seal.ts'
import { type UploadRow, uploadById } from '../custody/intake/upload.ts'
import { releaseUploadLease, takeUploadLease } from '../custody/intake/upload-lease.ts'
import { keepStored, partsOf, restartUpload } from '../custody/intake/upload-progress.ts'
import { removeTails } from '../custody/intake/upload-tail.ts'
import { Fault, isFault } from '../foundation/errors.ts'
import { hashStream } from '../foundation/hash.ts'
import type { FinishResult, IngestDeps } from './deps.ts'
import { sendEmptyFile } from './receive/part-sender.ts'

/**
 * Takes a complete upload to its end: one version on the primary, its digest, the seal. Every step looks at what is there
 * before it acts, so this may be called again after a crash at any line, or twice at once: a lease lets one through.
 *
 * When it fails the lease is left to run out, so that the next attempt comes some seconds later.
 */
export async function finishUpload(
  deps: Pick<IngestDeps, 'db' | 'store' | 'clock' | 'log' | 'leases' | 'settings'>,
  uploadId: string,
): Promise<FinishResult> {
  const holder = randomUUID()
  if (!(await takeUploadLease(deps.db, uploadId, holder))) return 'busy'
  const lost = new AbortController()
  let steps = 0
  const release = deps.leases.keep(holder, {
    progress: () => ++steps, // alive as long as this process is: what it does has time limits of its own
    onStop: (reason) => {
      if (reason === 'lost') lost.abort(new Fault('locked', `the lease of upload ${uploadId} is lost`))
    },
  })
  try {
    const row = await uploadById(deps.db, uploadId)
    const result = row.state === 'complete' ? await finish(deps, row, holder, lost.signal) : 'not_complete'
    await releaseUploadLease(deps.db, uploadId, holder)
    return result
  } finally {
    release()
  }
}

async function finish(
  deps: Pick<IngestDeps, 'db' | 'store' | 'clock' | 'log' | 'settings'>,
  row: UploadRow,
  holder: string,
  signal: AbortSignal,
): Promise<FinishResult> {
  const versionId = row.version_id ?? (await storeVersion(deps, row, holder))
  if (versionId === null) return 'begins_again'
  const sha256 = row.sha256 ?? (await digestVersion(deps, { row, versionId, holder }, signal))
  if (row.declared_sha256 === null && digestIsAwaited(deps, row)) return 'waits_for_digest'
  const outcome = await seal(deps, row.id, { version_id: versionId, sha256 }, holder)
  deps.log.info({ uploadId: row.id, outcome, bytes: row.bytes }, 'upload finished')
  await removeLeftovers(deps, row.id)
  return outcome
}

/** The file is sealed: what a crash left of it in `tails` costs space only, and is removed as far as possible. */
async function removeLeftovers({ store, log }: Pick<IngestDeps, 'store' | 'log'>, uploadId: string): Promise<void> {
  await removeTails(store, uploadId).catch((error: unknown) => {
    log.warn({ err: error, uploadId }, 'pieces of a sealed upload may stay behind in tails')
  })
}

/**
 * Judged a second time when the same file was sealed by another process in between: then it is its duplicate. The row is
 * read each time: the dock may have said its digest since.
 */
async function seal(
  deps: Pick<IngestDeps, 'db' | 'store' | 'clock' | 'settings'>,
  uploadId: string,
  stored: Pick<StoredUpload, 'version_id' | 'sha256'>,
  holder: string,
): Promise<SealOutcome> {
  const sealDeps = { ...deps, lockFirstDays: deps.settings.lockFirstDays }
  const sealOnce = async () => {
    const row = await uploadById(deps.db, uploadId)
    return sealUpload(sealDeps, { ...row, ...stored }, holder)
  }
  try {
    return await sealOnce()
  } catch (error) {
    if (!isFault(error, 'conflict')) throw error
    return sealOnce()
  }
}

function digestIsAwaited(deps: Pick<IngestDeps, 'clock' | 'settings'>, row: UploadRow): boolean {
  const completedAt = row.completed_at ?? row.created_at
  return deps.clock.now().getTime() < completedAt.getTime() + deps.settings.digestWaitMs
}

/**
 * Turns the parts into one version; null when the store has lost them and the upload begins again. Lost is also a part
 * that is not the one that was acknowledged: what a former holder had still on its way may land over it.
 */
async function storeVersion(
  deps: Pick<IngestDeps, 'db' | 'store' | 'clock'>,
  row: UploadRow,
  holder: string,
): Promise<string | null> {
  const versionId = await makeVersion(deps, row).catch((error: unknown) => {
    if (isFault(error, 'not_found')) return null
    throw error
  })
  if (versionId === null) {
    // Gone or not, nothing of it is of use to the next attempt; aborted first, while the row still names it.
    const target = { bucket: 'originals', key: row.object_key } as const
    if (row.multipart_id) await deps.store.abortMultipart({ ...target, multipartId: row.multipart_id })
    await restartUpload(deps.db, deps.clock, row, holder)
  } else await keepStored(deps.db, row.id, holder, { versionId })
  return versionId
}

async function makeVersion(deps: Pick<IngestDeps, 'db' | 'store'>, row: UploadRow): Promise<string> {
  if (row.bytes === 0) return sendEmptyFile(deps.store, row.object_key)
  const parts = await partsOf(deps.db, row.id)
  const partBytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  if (partBytes !== row.bytes || !row.multipart_id) {
    throw new Fault('bytes_differ', `upload ${row.id}: its parts have ${partBytes} bytes, the file has ${row.bytes}`)
  }
  const target = { bucket: 'originals', key: row.object_key, multipartId: row.multipart_id } as const
  return (await deps.store.completeMultipart(target, parts)).versionId
}

/** The digest of an upload that outlived its process: from the version itself. */
async function digestVersion(
  deps: Pick<IngestDeps, 'db' | 'store'>,
  { row, versionId, holder }: { row: UploadRow; versionId: string; holder: string },
  signal: AbortSignal,
): Promise<Buffer> {
  const copy = { key: row.object_key, versionId }
  const original = { of: { uploadId: row.id }, store: deps.store, copy, bytes: row.bytes }
  const source = await openOriginal({ ...original, length: 'required', signal })
  const { sha256 } = await hashStream(source, { sm3: false, signal })
  await keepStored(deps.db, row.id, holder, { sha256 })
  return sha256
}
