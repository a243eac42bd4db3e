import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { sha256 } from '../../foundation/hash.ts'
import { idOfDigest } from '../../foundation/id.ts'
import { displayName } from '../../foundation/name-decoding.ts'
import { type ParsedName, parseName } from '../devices/name-profile.ts'
import { filmOf, lastRunning } from '../intake/running-number.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'
import { lockHandIn, requireHandIn } from './concerned.ts'
import { type Gap, insertGap } from './gap-found.ts'

const by = { id: 'expire', role: 'service' }
/** † A dock tells its gaps right after the list: later than this it tells none. */
const toldWithinMs = 60 * 60_000
const roundMax = 200
/** † More missing numbers than this are another counter, as docks say it too. */
const missingMax = 500
/** † After more lists of photographs alone than this nobody says where films go on. */
const handInsBackMax = 20

/** A line of a list whose name says a running number. */
export interface NumberedLine {
  readonly number: number
  readonly name: string
}

export interface NumberJump {
  /** The recording that they are missing before. */
  readonly line: number
  readonly localTime: string
  readonly missing: number
  /** The first that is expected, and the recording's own. */
  readonly from: number
  readonly to: number
}

/**
 * Where the running numbers of a list jump against the device's hand-in before: its first recording that was not listed then, and
 * how many numbers are missing before that. Null where nothing is missing, or nothing can be said: after a number that is lower
 * than the last one the device has begun anew, and nobody here knows after which.
 *
 * A number that stands on one of the lists is not missing, wherever a clock that was reset has put it, and though it be a
 * photograph's: with some devices those count on with the films. Pure.
 *
 * @param before the lines of the device's hand-ins before that this one goes on from
 */
export function numberJump(lines: readonly NumberedLine[], before: readonly NumberedLine[]): NumberJump | null {
  const last = lastRunning(before.flatMap(({ name }) => filmOf(name) ?? []))
  if (last === null) return null
  const known = new Set(before.map(({ name }) => name))
  const fresh = lines.flatMap(({ number, name }): { number: number; parsed: ParsedName }[] => {
    const parsed = known.has(name) ? null : filmOf(name)
    return parsed ? [{ number, parsed }] : []
  })
  const [first] = fresh.toSorted(
    (a, b) => compare(a.parsed.localTime, b.parsed.localTime) || a.parsed.running - b.parsed.running,
  )
  if (!first || first.parsed.running - last - 1 > missingMax) return null
  const listed = new Set([...before, ...lines].flatMap(({ name }) => parseName(name)?.running ?? []))
  let missing = 0
  for (let number = last + 1; number < first.parsed.running; number++) if (!listed.has(number)) missing += 1
  const { running, localTime } = first.parsed
  return missing === 0 ? null : { line: first.number, missing, localTime, from: last + 1, to: running }
}

/**
 * Makes a gap of each hand-in whose running numbers jump against the device's hand-in before it, where its dock told none there
 * within an hour†. Each hand-in is looked at once.
 *
 * @returns how many
 */
export async function findNumberJumps(db: Db, clock: Clock): Promise<number> {
  const handIns = await db
    .selectFrom('hand_in')
    .where('numbers_checked_at', 'is', null)
    .where('opened_at', '<', new Date(clock.now().getTime() - toldWithinMs))
    .select(['id', 'dock_id'])
    .orderBy('opened_at')
    .limit(roundMax)
    .execute()
  let found = 0
  for (const { id, dock_id } of handIns) if (await checkHandIn(db, clock, { handInId: id, dockId: dock_id })) found += 1
  return found
}

async function checkHandIn(
  db: Db,
  clock: Clock,
  { handInId, dockId }: { handInId: string; dockId: string },
): Promise<boolean> {
  const { serial, personId } = await requireHandIn(db, handInId)
  return db.transaction().execute(async (trx) => {
    await lockHandIn(trx, handInId)
    const checked = await trx
      .updateTable('hand_in')
      .set({ numbers_checked_at: clock.now() })
      .where('id', '=', handInId)
      .where('numbers_checked_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    const jump = checked ? await jumpOf(trx, { handInId, serial }) : null
    if (!jump || (await wasTold(trx, handInId, jump.line))) return false
    const facts: Gap = {
      ...{ gapKind: 'number', dockGapId: null, beforeNumber: null, afterNumber: jump.line, fromTime: null },
      ...{ toTime: jump.localTime, lengthMs: null, missingNumbers: jump.missing, lineNumbers: [], proposed: null },
      rosterLineId: null,
    }
    const id = idOfDigest(sha256(`number jump ${handInId}`))
    const dueAt = await handInDeadlineAfter(trx, clock.now())
    await insertGap(trx, clock, by, { id, serial, handInId, dockId, personId, dueAt, facts })
    return true
  })
}

/**
 * Whether a list that came late fills the jump before a line of another hand-in: it names one of the numbers that were missing
 * without it, and with it none is.
 */
export async function isJumpFilledBy(
  db: Db,
  lateId: string,
  jump: { handInId: string; serial: string; line: number | null },
): Promise<boolean> {
  const without = await jumpOf(db, jump, lateId)
  if (without === null || without.line !== jump.line || (await jumpOf(db, jump)) !== null) return false
  const numbers = (await linesOf(db, lateId)).map(({ name }) => parseName(name)?.running)
  return numbers.some((number) => number !== undefined && number >= without.from && number < without.to)
}

/** Goes back by when the docks signed: what a dock kept while it was offline came later than it was handed in. */
async function jumpOf(db: Db, { handInId, serial }: { handInId: string; serial: string }, leftOutId?: string) {
  const earlier = await db
    .selectFrom('hand_in')
    .where('device_serial', '=', serial)
    .where('running_number', 'is not', null)
    .$if(leftOutId !== undefined, (query) => query.where('id', '<>', leftOutId!))
    .where('signed_at', '<', ({ selectFrom }) => selectFrom('hand_in').where('id', '=', handInId).select('signed_at'))
    .select('id')
    .orderBy('signed_at', 'desc')
    .limit(handInsBackMax)
    .execute()
  const before: NumberedLine[] = []
  for (const { id } of earlier) {
    before.push(...(await linesOf(db, id)))
    // A list of photographs alone does not say where films go on.
    if (before.some(({ name }) => filmOf(name))) break
  }
  return numberJump(await linesOf(db, handInId), before)
}

async function linesOf(db: Db, handInId: string): Promise<NumberedLine[]> {
  const rows = await db
    .selectFrom('hand_in_file')
    .where('hand_in_id', '=', handInId)
    .select(['number', 'name'])
    .execute()
  return rows.map(({ number, name }) => ({ number, name: displayName(name) }))
}

/** Whether the dock told of missing numbers before this line, or before the first of the list. */
async function wasTold(db: Db, handInId: string, line: number): Promise<boolean> {
  const told = await db
    .selectFrom('gap')
    .where('hand_in_id', '=', handInId)
    .where('kind', '=', 'number')
    .where(({ or, eb }) => or([eb('after_number', '=', line), eb('before_number', 'is', null)]))
    .select('id')
    .executeTakeFirst()
  return told !== undefined
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
