import type { Head } from '../log/head.ts'

/** What somebody outside the database remembers of this log: the newest tree that he knows it to have signed. */
export interface Memory {
  /** Who, for people: `the store backup-a`, `the witness w.example`. */
  readonly name: string
  /**
   * Asks him. Nothing when he remembers nothing, or compared himself and found no fault; more than one tree when he has
   * several of one size.
   *
   * @throws log_forked when he says that he knows a tree that the database does not hold; another Fault when he cannot be
   *   asked, or his answer cannot be believed
   */
  recall(signal: AbortSignal): Promise<readonly Head[]>
}
