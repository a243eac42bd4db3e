/** S3 keeps retention ends to the second, and a store's clock may be a little ahead of ours. */
const dayMs = 24 * 60 * 60_000

/** An original's first lock is short: a wrong far date can never be taken back. */
export const lockFirstDays = 30
/** Longest step by which a lock may be extended. */
export const lockStepDaysMax = 90

/**
 * End of an original's first lock period: `firstDays` (default 30) after `now`, rounded up to the full second, which is
 * what S3 keeps.
 */
export function firstLockEnd(now: Date, firstDays: number = lockFirstDays): Date {
  return new Date(Math.ceil((now.getTime() + firstDays * dayMs) / 1000) * 1000)
}

/**
 * The next end of a lock that ends at `current`: one step of at most 90 days from `now`, never past `retentionEnd` (null:
 * kept for ever) and never earlier than `current`.
 */
export function nextLockEnd(now: Date, current: Date, retentionEnd: Date | null): Date {
  const step = firstLockEnd(now, lockStepDaysMax)
  const end = retentionEnd !== null && retentionEnd < step ? retentionEnd : step
  return end > current ? end : current
}
