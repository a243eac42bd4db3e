import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { SaidClearingOutcome } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import { oneActOfDock } from '../docks/one-at-a-time.ts'
import { recordEvent } from '../events/record.ts'
import {
  type AnnouncedFile,
  announcedFiles,
  type Clearing,
  clearingOf,
  deviceAtDock,
  filesAtOnce,
} from './announced.ts'
import { clearingOutcomesDigest } from './clearing-text.ts'
import { enterOutcome } from './outcome.ts'

export type LeftWhy = Exclude<SaidClearingOutcome, 'cleared'>

/** What became of every file that was announced. */
export interface EndedClearing {
  readonly cleared: readonly number[]
  readonly left: readonly { readonly number: number; readonly why: LeftWhy }[]
}

/**
 * Closes a clearing: an event for each file, that it went or why it did not, then one for the whole. Each file that was announced is named once.
 * Restartable: files are entered in batches, and what was entered before is passed over; the same answer again changes
 * nothing. The dock's word also counts where two people gave the clearing up before it came.
 *
 * @throws not_found for a clearing that is not this dock's; bad_request when a line is missing, named twice or was not
 *   announced; conflict when something else was said of a file before
 */
export async function endClearing(
  db: Db,
  clock: Clock,
  ended: { dockId: string; clearingId: string; outcomes: EndedClearing },
): Promise<void> {
  const { dockId, clearingId } = ended
  const outcomes = outcomesOf(ended.outcomes)
  const clearing = await clearingOf(db, clearingId, dockId)
  if (!clearing) throw new Fault('not_found', 'there is no such clearing of this dock')
  const lines = await announcedFiles(db, clearing.id)
  requireAllNamed(lines, outcomes)
  for (let start = 0; start < lines.length; start += filesAtOnce) {
    const numbers = lines.slice(start, start + filesAtOnce).map(({ number }) => number)
    await db.transaction().execute((trx) => enterOutcomes(trx, clock, clearing, { numbers, outcomes }))
  }
  await db.transaction().execute((trx) => close(trx, clock, clearing, outcomes))
}

async function enterOutcomes(
  trx: Trx,
  clock: Clock,
  clearing: Clearing,
  said: { numbers: readonly number[]; outcomes: ReadonlyMap<number, SaidClearingOutcome> },
): Promise<void> {
  await oneActOfDock(trx, clearing.dockId)
  const lines = (await announcedFiles(trx, clearing.id)).filter(({ number }) => said.numbers.includes(number))
  for (const line of lines) {
    const outcome = said.outcomes.get(line.number)!
    if (line.outcome === outcome) continue
    // What two people had to leave open the dock may still say.
    if (line.outcome !== null && line.outcome !== 'outcome_unknown') {
      throw new Fault('conflict', `line ${line.number} was closed as '${line.outcome}' before, now it is '${outcome}'`)
    }
    await enterOutcome(trx, clock, clearing, { by: { id: clearing.dockId, role: 'dock' }, line, outcome })
  }
}

async function close(
  trx: Trx,
  clock: Clock,
  clearing: Clearing,
  outcomes: ReadonlyMap<number, SaidClearingOutcome>,
): Promise<void> {
  await oneActOfDock(trx, clearing.dockId)
  const row = await trx
    .selectFrom('clearing')
    .where('id', '=', clearing.id)
    .select('ended_at')
    .executeTakeFirstOrThrow()
  if (row.ended_at) return
  const count = (outcome: SaidClearingOutcome) => [...outcomes.values()].filter((one) => one === outcome).length
  const digest = clearingOutcomesDigest([...outcomes].map(([number, outcome]) => ({ number, outcome })))
  const { at } = await recordEvent(trx, 'clearing.ended', {
    clock,
    by: { id: clearing.dockId, role: 'dock' },
    subjects: [...(await handInSubjects(trx, clearing.handInId)), ...deviceAtDock(clearing)],
    details: {
      clearingId: clearing.id,
      cleared: count('cleared'),
      left: {
        gone: count('gone'),
        digest_differs: count('digest_differs'),
        not_removed: count('not_removed'),
        kept: count('kept'),
      },
      outcomesSha256: digest.toString('hex'),
    },
  })
  await trx.updateTable('clearing').set({ ended_at: at }).where('id', '=', clearing.id).execute()
}

function outcomesOf({ cleared, left }: EndedClearing): ReadonlyMap<number, SaidClearingOutcome> {
  const said = [
    ...cleared.map((number) => ({ number, outcome: 'cleared' as const })),
    ...left.map(({ number, why }) => ({ number, outcome: why })),
  ]
  const outcomes = new Map<number, SaidClearingOutcome>()
  for (const { number, outcome } of said) {
    if (outcomes.has(number)) throw new Fault('bad_request', `line ${number} is named twice`)
    outcomes.set(number, outcome)
  }
  return outcomes
}

/** @throws bad_request naming the first line that is missing or was not announced */
function requireAllNamed(lines: readonly AnnouncedFile[], outcomes: ReadonlyMap<number, SaidClearingOutcome>): void {
  const announced = new Set(lines.map(({ number }) => number))
  const missing = lines.find(({ number }) => !outcomes.has(number))
  if (missing) throw new Fault('bad_request', `line ${missing.number} was announced: say what became of it`)
  const strange = [...outcomes.keys()].find((number) => !announced.has(number))
  if (strange !== undefined) throw new Fault('bad_request', `line ${strange} was not announced in this clearing`)
}

/** Whether this dock has announced the clearing. */
export async function isClearingOfDock(db: Db, dockId: string, clearingId: string): Promise<boolean> {
  const own = isId(clearingId)
    ? await db
        .selectFrom('clearing')
        .where('id', '=', clearingId)
        .where('dock_id', '=', dockId)
        .select('id')
        .executeTakeFirst()
    : undefined
  return own !== undefined
}
