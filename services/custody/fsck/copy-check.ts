import { isFault } from '../../foundation/errors.ts'
import { hashStream } from '../../foundation/hash.ts'
import type { ObjectVersion, Store } from '../../foundation/store/store.ts'
import { openOriginal } from '../copies/read-original.ts'
import type { FsckCheck } from '../events/fsck-checks.ts'

/** A copy as its row tells it. */
export interface CopyRow {
  readonly recording_id: string
  readonly store: string
  readonly object_key: string
  readonly version_id: string
  readonly retain_until: Date
}

/** What the store holds under the copy's version. `sha256` only when the bytes were read again. */
export interface FoundCopy {
  readonly bytes: number
  readonly legalHold: boolean
  readonly retainUntil: Date | null
  readonly sha256: string | null
}

/** A code of a copy on a store. */
export type StoreCheck = Extract<FsckCheck, `stores.${string}`>

export interface CopyProblem {
  readonly check: StoreCheck
  readonly problem: string
}

/**
 * Looks a copy up on its store by its version: size, legal hold, COMPLIANCE retention no shorter than the row says, and
 * nothing laid over it; with `objects` the bytes are read and hashed. Never throws for what the store says or does not
 * say: it becomes a problem. @throws the signal's reason
 */
export async function checkCopy(
  store: Store,
  copy: CopyRow,
  recording: { bytes: number; sha256: Buffer },
  options: { objects: boolean; signal?: AbortSignal },
): Promise<{ found: FoundCopy | null; problems: CopyProblem[] }> {
  const object: ObjectVersion = { bucket: 'originals', key: copy.object_key, versionId: copy.version_id }
  try {
    const info = await store.stat(object)
    const lock = await store.lockState(object)
    const sha256 = options.objects ? await digestOf(store, copy, recording.bytes, options.signal) : null
    const found = { bytes: info.bytes, legalHold: lock.legalHold, retainUntil: lock.retainUntil, sha256 }
    const problems = [
      ...sizeProblems(found.bytes, recording.bytes),
      ...lockProblems(lock, copy.retain_until),
      ...digestProblems(sha256, recording.sha256.toString('hex')),
      ...(await coverProblems(store, copy)),
    ]
    return { found, problems }
  } catch (error) {
    if (isFault(error, 'not_found')) {
      const problem = `${store.name} does not hold version ${copy.version_id} of ${copy.object_key}`
      return {
        found: null,
        problems: [{ check: 'stores.version_missing', problem }, ...(await coverProblems(store, copy))],
      }
    }
    if (isFault(error, 'store_down')) {
      return { found: null, problems: [{ check: 'stores.unreachable', problem: `${store.name} does not answer` }] }
    }
    throw error
  }
}

/** The size is not the one that was written. */
export function sizeProblems(actual: number, expected: number): CopyProblem[] {
  if (actual === expected) return []
  return [{ check: 'stores.size_differs', problem: `it has ${actual} bytes instead of ${expected}` }]
}

/** Legal hold and COMPLIANCE retention, the latter no shorter than `expected`. */
export function lockProblems(
  lock: { legalHold: boolean; mode: string | null; retainUntil: Date | null },
  expected: Date,
): CopyProblem[] {
  const problems: CopyProblem[] = []
  if (!lock.legalHold) problems.push({ check: 'stores.hold_missing', problem: 'it has no legal hold' })
  if (lock.mode !== 'COMPLIANCE' || lock.retainUntil === null) {
    problems.push({
      check: 'stores.lock_missing',
      problem: `it is not locked in COMPLIANCE mode (${lock.mode ?? 'none'})`,
    })
  } else if (lock.retainUntil < expected) {
    const problem = `it is locked until ${lock.retainUntil.toISOString()} instead of ${expected.toISOString()}`
    problems.push({ check: 'stores.lock_differs', problem })
  }
  return problems
}

function digestProblems(actual: string | null, expected: string): CopyProblem[] {
  if (actual === null || actual === expected) return []
  return [{ check: 'stores.bytes_differ', problem: `its bytes have the SHA-256 ${actual} instead of ${expected}` }]
}

/** A delete marker hides the object from whoever asks without a version; a newer version stands in for it. */
async function coverProblems(store: Store, copy: CopyRow): Promise<CopyProblem[]> {
  const { versions, deleteMarkers } = await store.versions('originals', copy.object_key)
  const problems: CopyProblem[] = []
  if (deleteMarkers > 0) {
    problems.push({
      check: 'stores.delete_marker',
      problem: `${deleteMarkers} delete markers lie over ${copy.object_key}`,
    })
  }
  const others = versions.filter(({ versionId }) => versionId !== copy.version_id)
  if (others.length > 0) {
    const ids = others.map(({ versionId }) => versionId).join(', ')
    problems.push({ check: 'stores.unknown_version', problem: `${copy.object_key} has other versions too: ${ids}` })
  }
  return problems
}

async function digestOf(store: Store, row: CopyRow, bytes: number, signal?: AbortSignal): Promise<string> {
  const copy = { key: row.object_key, versionId: row.version_id }
  const read = { of: { recordingId: row.recording_id }, store, copy, bytes, signal }
  const { sha256 } = await hashStream(await openOriginal({ ...read, length: 'compared' }), { sm3: false, signal })
  return sha256.toString('hex')
}
