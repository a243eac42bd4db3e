/** S3 keeps retention ends to the second, and a store's clock may be a little ahead of ours. */
const dayMs = 24 * 60 * 60_000

/** An original's first lock is short: a wrong far date can never be taken back. */
export const lockFirstDays = 30

/**
 * End of an original's first lock period: `firstDays` (default 30) after `now`, rounded up to the full second, which is
 * what S3 keeps.
 */
export function firstLockEnd(now: Date, firstDays: number = lockFirstDays): Date {
  return new Date(Math.ceil((now.getTime() + firstDays * dayMs) / 1000) * 1000)
}
