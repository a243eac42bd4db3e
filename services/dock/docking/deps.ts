import type { KeyObject } from 'node:crypto'
import type { Logger } from '../../foundation/log.ts'
import type { Ingest } from '../ingest/client.ts'
import type { Places } from '../ingest/places.ts'
import type { PostTroubles } from '../ingest/post-troubles.ts'
import type { RegisterCache } from '../ingest/register.ts'
import type { Digests } from '../reading/digests.ts'
import type { ReceiptTrust } from '../receipts/check.ts'
import type { Answers } from '../spool/answers.ts'
import type { Book } from '../spool/book.ts'
import type { Clearings } from '../spool/clearings.ts'
import type { SpoolDatabase } from '../spool/database.ts'
import type { KeptCopies } from '../spool/kept-copies.ts'

/** Points after which everything must go on, also when the process or the power ends right there. */
export const steps = [
  'list_signed',
  'hand_in_opened',
  'upload_begun',
  'bytes_moving',
  'bytes_sent',
  'digest_said',
  'copy_kept',
  'receipt_kept',
  'clearing_intended',
  'clearing_announced',
  'file_removing',
  'file_removed',
  'clearing_ended',
] as const
export type Step = (typeof steps)[number]

/** What every part of the agent stands on. */
export interface StationDeps {
  readonly log: Logger
  /** Milliseconds since 1970 by the station's clock. */
  readonly now: () => number
  readonly newId: () => string
  readonly signingKey: KeyObject
  readonly database: SpoolDatabase
  readonly book: Book
  readonly answers: Answers
  readonly clearings: Clearings
  readonly copies: KeptCopies
  readonly digests: Digests
  readonly ingest: Ingest
  readonly troubles: PostTroubles
  readonly places: Places
  readonly register: RegisterCache
  readonly trust: ReceiptTrust
  /** How long a server that does not answer, or an upload that does not get on, is waited for before bytes go to the spool. */
  readonly patienceMs: number
  /** Files that are being sent: each by one at a time. */
  readonly sending: Set<string>
  /** Something waits to be posted or sent. */
  readonly wake: () => void
  /** Told after each step was kept; tests end the process there. */
  readonly onStep: (step: Step) => void
}

/** Whether the bureau has been out of reach for so long that bytes go to the spool instead. */
export function isAway({ ingest, patienceMs }: Pick<StationDeps, 'ingest' | 'patienceMs'>): boolean {
  const { state, lastedMs } = ingest.reach()
  return state !== 'online' && lastedMs >= patienceMs
}
