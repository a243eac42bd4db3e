import type { Hash } from 'node:crypto'
import { type UploadRow, uploadExpiry } from '../../custody/intake/upload.ts'
import { moveOffset } from '../../custody/intake/upload-progress.ts'
import type { TailPiece } from '../../custody/intake/upload-tail.ts'
import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import type { Store, UploadedPart } from '../../foundation/store/store.ts'
import type { HashMemory } from './hash-memory.ts'

export interface ProgressDeps {
  readonly db: Db
  readonly store: Pick<Store, 'remove'>
  readonly clock: Clock
  readonly log: Logger
  readonly hashes: HashMemory
  readonly idleDays: number
}

/** More of the file is durable in the store. */
export interface Advance {
  /** The file up to this offset. */
  readonly to: number
  /** The running digest as it stands there; null when this process did not see every byte. */
  readonly hash: Hash | null
  readonly parts: readonly UploadedPart[]
  /** The pieces that lie in `tails` now. */
  readonly tail: readonly TailPiece[]
}

/** How far a PATCH has come: what counts already, and what must not count yet because its checksum is still to be checked. */
export interface Progress {
  /** The offset that counts. */
  offset(): number
  expiresAt(): Date
  /** The pieces in `tails`, those included that do not count yet. */
  tail(): readonly TailPiece[]
  /** More is durable. It counts at once, or for a body with a checksum when `count` is called. */
  advance(step: Advance): Promise<void>
  /** An object that was written to `tails`, before any `advance` that names it. */
  wrote(key: string): void
  /** What is durable counts from now on. @throws locked */
  count(): Promise<void>
  /** Removes pieces that this PATCH wrote and that do not count: their bytes were discarded, or are in a part. */
  removeUncounted(): Promise<void>
}

/** @param isHeld nothing counts before `count` is called */
export function openProgress(
  deps: ProgressDeps,
  { upload, holder, tail }: { upload: UploadRow; holder: string; tail: readonly TailPiece[] },
  isHeld: boolean,
): Progress {
  let offset = upload.received_bytes
  let expiresAt = upload.expires_at
  let counted = tail
  let pending: Advance = { to: offset, hash: null, parts: [], tail }
  /** Whether `counted` is known to be what the row says. */
  let isCertain = true
  const written = new Set<string>()

  const count = async (): Promise<void> => {
    const { to, hash, parts } = pending
    const now = deps.clock.now()
    expiresAt = uploadExpiry(now, deps.idleDays)
    const isComplete = to === upload.bytes
    const removed = counted.filter((piece) => !pending.tail.includes(piece))
    const added = pending.tail.filter((piece) => !counted.includes(piece))
    try {
      await moveOffset(deps.db, upload.id, holder, {
        ...{ from: offset, to, parts, now, expiresAt },
        tail: { removed, added },
        completed: isComplete ? { sha256: hash?.copy().digest() ?? null } : null,
      })
    } catch (error) {
      // The answer of a commit may have been lost.
      isCertain = isFault(error, 'locked')
      throw error
    }
    offset = to
    counted = pending.tail
    pending = { ...pending, parts: [] }
    if (isComplete || hash === null) deps.hashes.forget(upload.id)
    else deps.hashes.keep(upload.id, { offset: to, hash })
    for (const { key } of removed) written.add(key)
    await removeUncounted()
  }
  const removeUncounted = async (): Promise<void> => {
    if (!isCertain) return
    const named = new Set(counted.map(({ key }) => key))
    for (const key of [...written].filter((each) => !named.has(each))) {
      written.delete(key)
      await removePiece(deps, key)
    }
  }
  return {
    offset: () => offset,
    expiresAt: () => expiresAt,
    tail: () => pending.tail,
    async advance(step) {
      pending = { ...step, parts: [...pending.parts, ...step.parts] }
      if (!isHeld) await count()
    },
    wrote: (key) => written.add(key),
    count,
    removeUncounted,
  }
}

/** A piece that stays behind costs a mebibyte and nothing else: no row names it, and it goes with the upload's end. */
async function removePiece({ store, log }: Pick<ProgressDeps, 'store' | 'log'>, key: string): Promise<void> {
  await store.remove('tails', key).catch((error: unknown) => {
    log.warn({ err: error, key }, 'a piece of a tail that is not needed any more could not be removed')
  })
}
