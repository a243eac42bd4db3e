import { enterCopy, type ProvenCopy, primaryCopy, type SealedRecording } from '../../services/custody/copies/copies.ts'
import { lockAndReadBack } from '../../services/custody/copies/object-lock.ts'
import { enterDamage, equalsSealed, type Found } from '../../services/custody/copies/verification.ts'
import type { Clock } from '../../services/foundation/clock.ts'
import type { Db } from '../../services/foundation/db/database.ts'
import type { ObjectVersion, Store } from '../../services/foundation/store/store.ts'
import { readSha256 } from '../read-copy.ts'

export interface BackupDeps {
  readonly db: Db
  readonly clock: Clock
}

/**
 * Takes up what an earlier run left on a backup store under the recording's key: a version that equals the sealed digest
 * becomes the copy. Versions that all differ are damage: the key is taken for ever, no other version may be put beside
 * them. False: nothing is there, and the copy is still to be made.
 */
export async function adoptVersion(
  deps: BackupDeps,
  store: Store,
  recording: SealedRecording,
  signal: AbortSignal,
): Promise<boolean> {
  const { object } = primaryCopy(recording)
  const { versions } = await store.versions('originals', object.key)
  let differing: { object: ObjectVersion; found: Found } | null = null
  for (const version of versions) {
    const { bucket, key, versionId } = version
    const candidate: ObjectVersion = { bucket, key, versionId }
    const found = await readSha256(store, candidate, recording, signal)
    if (equalsSealed(recording, found)) {
      await proveAndEnter(
        deps,
        store,
        recording,
        { object: candidate, adopted: true, storedAt: version.lastModified },
        signal,
      )
      return true
    }
    differing ??= { object: candidate, found }
  }
  if (!differing) return false
  await enterWrongVersion(deps, store, recording, differing)
  return true
}

/**
 * Locks a version that was just written (legal hold and COMPLIANCE until the primary's end), believes the lock only when
 * it reads it back, re-reads the stored bytes, and enters the copy.
 *
 * @throws not_locked; store_down
 */
export async function proveAndEnter(
  deps: BackupDeps,
  store: Store,
  recording: SealedRecording,
  written: { object: ObjectVersion; adopted: boolean; storedAt: Date },
  signal: AbortSignal,
): Promise<void> {
  const { object, adopted, storedAt } = written
  const retainUntil = await lockAndReadBack(store, object, primaryCopy(recording).retainUntil)
  const found = await readSha256(store, object, recording, signal)
  if (!equalsSealed(recording, found)) return enterWrongVersion(deps, store, recording, { object, found })
  const copy: ProvenCopy = {
    store: store.name,
    hostName: store.hostName,
    object,
    retainUntil,
    storedAt,
    adopted,
  }
  await deps.db.transaction().execute((trx) => enterCopy(trx, deps.clock, recording, copy))
}

async function enterWrongVersion(
  deps: BackupDeps,
  store: Store,
  recording: SealedRecording,
  wrong: { object: ObjectVersion; found: Found },
): Promise<void> {
  const { retainUntil } = primaryCopy(recording)
  await deps.db.transaction().execute((trx) =>
    enterDamage(trx, deps.clock, recording, {
      ...{ store: store.name, hostName: store.hostName, actor: 'copy' },
      ...wrong,
      unentered: { retainUntil, storedAt: deps.clock.now() },
    }),
  )
}
