import { createHash, type Hash } from 'node:crypto'

/** The running SHA-256 of an upload's first `offset` bytes. */
export interface HashAt {
  readonly offset: number
  readonly hash: Hash
}

/**
 * Running digests between the PATCHes of one process. node:crypto cannot save its state, so an upload that outlived the
 * process (or changed it) has none, and its digest is made by reading the stored version once it is complete.
 */
export interface HashMemory {
  /** A copy of the digest up to exactly `offset`; a fresh one at 0; null when this process did not see every byte. */
  at(uploadId: string, offset: number): Hash | null
  keep(uploadId: string, state: HashAt): void
  forget(uploadId: string): void
}

/** @param uploadsMax the ones that were idle longest are forgotten beyond this; some 200 bytes each. */
export function openHashMemory(uploadsMax = 10_000): HashMemory {
  const states = new Map<string, HashAt>()
  return {
    at(uploadId, offset) {
      if (offset === 0) return createHash('sha256')
      const state = states.get(uploadId)
      return state?.offset === offset ? state.hash.copy() : null
    },
    keep(uploadId, state) {
      states.delete(uploadId)
      states.set(uploadId, state)
      const oldest = states.size > uploadsMax ? states.keys().next().value : undefined
      if (oldest !== undefined) states.delete(oldest)
    },
    forget(uploadId) {
      states.delete(uploadId)
    },
  }
}
