import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { ClearingBasis, ClearingOutcome } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import { handInSubjects } from '../devices/hand-in-subjects.ts'
import { oneActOfDock } from '../docks/one-at-a-time.ts'
import { recordEvent } from '../events/record.ts'
import { clearingOutcomesDigest } from './clearing-text.ts'

export type LeftWhy = Exclude<ClearingOutcome, 'cleared'>

/** What became of every file that was announced. */
export interface EndedClearing {
  readonly cleared: readonly number[]
  readonly left: readonly { readonly number: number; readonly why: LeftWhy }[]
}

/** Events of one transaction: a clearing of thousands of files must not hold the ledger up. */
const filesAtOnce = 200

interface Row {
  readonly number: number
  readonly recording_id: string
  readonly sha256: Buffer
  readonly basis: ClearingBasis
  readonly receipt_index: number
  readonly outcome: ClearingOutcome | null
}

interface Open {
  readonly id: string
  readonly dockId: string
  readonly handInId: string
  readonly deviceSerial: string
  /** That it was announced. */
  readonly eventId: string
  /** The announcement names the list, and so is shown with the cases of its files. */
  readonly isShown: boolean
}

/**
 * Closes a clearing: an event for each file, that it went or why it did not, then one for the whole. Each file that was announced is named once.
 * Restartable: files are entered in batches, and what was entered before is passed over; the same answer again changes
 * nothing.
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
  const clearing = await clearingOfDock(db, dockId, clearingId)
  const lines = await linesOf(db, clearing.id)
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
  clearing: Open,
  said: { numbers: readonly number[]; outcomes: ReadonlyMap<number, ClearingOutcome> },
): Promise<void> {
  await oneActOfDock(trx, clearing.dockId)
  const lines = (await linesOf(trx, clearing.id)).filter(({ number }) => said.numbers.includes(number))
  for (const line of lines) {
    const outcome = said.outcomes.get(line.number)!
    if (line.outcome === outcome) continue
    if (line.outcome !== null) {
      throw new Fault('conflict', `line ${line.number} was closed as '${line.outcome}' before, now it is '${outcome}'`)
    }
    await recordOutcome(trx, clock, clearing, { line, outcome })
    await trx
      .updateTable('clearing_file')
      .set({ outcome })
      .where('clearing_id', '=', clearing.id)
      .where('number', '=', line.number)
      .execute()
  }
}

async function recordOutcome(
  trx: Trx,
  clock: Clock,
  clearing: Open,
  { line, outcome }: { line: Row; outcome: ClearingOutcome },
): Promise<void> {
  const event = {
    clock,
    by: { id: clearing.dockId, role: 'dock' },
    subjects: [
      { type: 'recording', id: line.recording_id },
      { type: 'hand_in', id: clearing.handInId },
      ...deviceAtDock(clearing),
    ],
  }
  const details = {
    clearingId: clearing.id,
    ...(clearing.isShown && { announcement: clearing.eventId }),
    line: line.number,
    basis: line.basis,
    sha256: line.sha256.toString('hex'),
    receiptIndex: line.receipt_index,
  }
  if (outcome === 'cleared') await recordEvent(trx, 'recording.cleared', { ...event, details })
  else await recordEvent(trx, 'recording.not_cleared', { ...event, details: { ...details, why: outcome } })
}

async function close(
  trx: Trx,
  clock: Clock,
  clearing: Open,
  outcomes: ReadonlyMap<number, ClearingOutcome>,
): Promise<void> {
  await oneActOfDock(trx, clearing.dockId)
  const row = await trx
    .selectFrom('clearing')
    .where('id', '=', clearing.id)
    .select('ended_at')
    .executeTakeFirstOrThrow()
  if (row.ended_at) return
  const count = (outcome: ClearingOutcome) => [...outcomes.values()].filter((one) => one === outcome).length
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

function outcomesOf({ cleared, left }: EndedClearing): ReadonlyMap<number, ClearingOutcome> {
  const said = [
    ...cleared.map((number) => ({ number, outcome: 'cleared' as const })),
    ...left.map(({ number, why }) => ({ number, outcome: why })),
  ]
  const outcomes = new Map<number, ClearingOutcome>()
  for (const { number, outcome } of said) {
    if (outcomes.has(number)) throw new Fault('bad_request', `line ${number} is named twice`)
    outcomes.set(number, outcome)
  }
  return outcomes
}

/** @throws bad_request naming the first line that is missing or was not announced */
function requireAllNamed(lines: readonly Row[], outcomes: ReadonlyMap<number, ClearingOutcome>): void {
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

/** @throws not_found */
async function clearingOfDock(db: Db, dockId: string, clearingId: string): Promise<Open> {
  const row = isId(clearingId)
    ? await db
        .selectFrom('clearing')
        .innerJoin('hand_in', 'hand_in.id', 'clearing.hand_in_id')
        .where('clearing.id', '=', clearingId)
        .where('clearing.dock_id', '=', dockId)
        .innerJoin('event', 'event.id', 'clearing.event_id')
        .select([
          'clearing.id',
          'hand_in.id as handInId',
          'hand_in.device_serial as deviceSerial',
          'event.id as eventId',
        ])
        .select(sql<boolean>`event.subjects @> array['hand-in-list:' || hand_in.id]`.as('isShown'))
        .executeTakeFirst()
    : undefined
  if (!row) throw new Fault('not_found', 'there is no such clearing of this dock')
  return { ...row, dockId }
}

function linesOf(db: Db, clearingId: string): Promise<Row[]> {
  return db
    .selectFrom('clearing_file')
    .where('clearing_id', '=', clearingId)
    .select(['number', 'recording_id', 'sha256', 'basis', 'receipt_index', 'outcome'])
    .orderBy('number')
    .execute()
}

function deviceAtDock({ deviceSerial, dockId }: Open) {
  return [
    { type: 'device', id: deviceSerial },
    { type: 'dock', id: dockId },
  ]
}
