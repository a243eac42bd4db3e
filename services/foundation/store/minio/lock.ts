import { Fault, isFault } from '../../errors.ts'
import type { LockState, ObjectVersion } from '../store.ts'
import { type Connection, call } from './connection.ts'
import { codeOf, isRefusal, storeFault } from './failures.ts'
import { statObject } from './objects.ts'

/** Store.lockState: see the contract. */
export async function lockState(connection: Connection, object: ObjectVersion): Promise<LockState> {
  const bucket = connection.buckets[object.bucket]
  const { key, versionId } = object
  const what = `reading the lock of ${object.bucket}/${key}`
  const [retention, hold] = await Promise.all([
    call(connection, what, () => nullWhenUnlocked(connection.client.getObjectRetention(bucket, key, { versionId }))),
    call(connection, what, () => nullWhenUnlocked(connection.client.getObjectLegalHold(bucket, key, { versionId }))),
  ])
  const mode = retention?.mode === 'COMPLIANCE' || retention?.mode === 'GOVERNANCE' ? retention.mode : null
  const until = retention?.retainUntilDate
  // The client's types say otherwise, but what comes is the parsed XML: `{ Status: 'ON' }`.
  const status = typeof hold === 'object' && hold !== null ? (hold as { Status?: string }).Status : hold
  return { retainUntil: until ? new Date(until) : null, mode, legalHold: status === 'ON' }
}

async function nullWhenUnlocked<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    const isBucketWithoutLock = codeOf(error) === 'InvalidRequest'
    if (codeOf(error) === 'NoSuchObjectLockConfiguration' || isBucketWithoutLock) return null
    throw error
  }
}

/** Store.lock: see the contract. Reads back what was set: a server that says yes and does nothing must not pass. */
export async function lock(connection: Connection, object: ObjectVersion, retainUntil: Date): Promise<LockState> {
  const what = `locking ${object.bucket}/${object.key}`
  const before = await lockState(connection, object)
  if (before.retainUntil && before.mode === 'COMPLIANCE' && before.retainUntil > retainUntil) {
    throw new Fault(
      'not_locked',
      `${what}: its lock ends ${before.retainUntil.toISOString()}, later than what was asked`,
      {
        details: { store: connection.name, key: object.key, versionId: object.versionId },
      },
    )
  }
  const isExtended = before.mode !== 'COMPLIANCE' || before.retainUntil?.getTime() !== retainUntil.getTime()
  if (isExtended) await call(connection, what, () => setRetention(connection, object, retainUntil))
  if (!before.legalHold) await call(connection, what, () => setLegalHold(connection, object))
  const after = await lockState(connection, object)
  const isLocked =
    after.mode === 'COMPLIANCE' &&
    after.legalHold &&
    after.retainUntil &&
    after.retainUntil.getTime() >= retainUntil.getTime()
  if (!isLocked) {
    throw new Fault('not_locked', `${connection.name} took the lock of ${object.key} and does not hold it`, {
      details: { store: connection.name, key: object.key, versionId: object.versionId, after },
    })
  }
  return after
}

/** Store.hold: see the contract. */
export async function hold(connection: Connection, object: ObjectVersion): Promise<LockState> {
  await call(connection, `holding ${object.bucket}/${object.key}`, () => setLegalHold(connection, object))
  const after = await lockState(connection, object)
  if (after.legalHold) return after
  throw new Fault('not_locked', `${connection.name} took the legal hold of ${object.key} and does not keep it`, {
    details: { store: connection.name, key: object.key, versionId: object.versionId },
  })
}

async function setRetention(connection: Connection, object: ObjectVersion, retainUntil: Date): Promise<void> {
  await connection.client.putObjectRetention(connection.buckets[object.bucket], object.key, {
    versionId: object.versionId,
    mode: 'COMPLIANCE',
    retainUntilDate: retainUntil.toISOString(),
  })
}

async function setLegalHold(connection: Connection, object: ObjectVersion): Promise<void> {
  await connection.client.setObjectLegalHold(connection.buckets[object.bucket], object.key, {
    versionId: object.versionId,
    status: 'ON',
  })
}

/**
 * Store.deleteIsRefused: see the contract. Refusals carry different codes on different servers, and some servers say no
 * and delete, or say yes and do not: so only a version that is still there afterwards counts.
 */
export async function deleteIsRefused(connection: Connection, object: ObjectVersion): Promise<boolean> {
  const { key, versionId } = object
  await statObject(connection, object)
  await attempt(connection, `trying to delete ${object.bucket}/${key}`, () =>
    connection.client.removeObject(connection.buckets[object.bucket], key, { versionId }),
  )
  try {
    await statObject(connection, object)
    return true
  } catch (error) {
    if (isFault(error, 'not_found')) return false
    throw error
  }
}

/** Store.shorteningIsRefused: see the contract. Judged by the retention that is there afterwards. */
export async function shorteningIsRefused(
  connection: Connection,
  object: ObjectVersion,
  retainUntil: Date,
): Promise<boolean> {
  const before = await lockState(connection, object)
  if (!before.retainUntil || before.mode !== 'COMPLIANCE')
    throw new Fault('not_locked', `${object.key} has no lock to shorten`)
  if (retainUntil >= before.retainUntil) throw new Fault('bad_request', `${object.key}: that end is not earlier`)
  await attempt(connection, `trying to shorten ${object.key}`, () => setRetention(connection, object, retainUntil))
  const after = await lockState(connection, object)
  return after.mode === 'COMPLIANCE' && after.retainUntil !== null && after.retainUntil >= before.retainUntil
}

/** Runs what the server ought to refuse; only a server that cannot be reached is an error here. */
async function attempt(connection: Connection, what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!isRefusal(error)) throw storeFault(connection.name, what, error)
  }
}
