import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { shanghaiOffsetMs } from '../settings/calendar.ts'
import { oneTryAtDock } from './dock-tries.ts'

const dayMs = 24 * 60 * 60_000
/** † So many wrong dock codes in a day, for whatever devices, and a dock takes no code any more on that day. */
export const wrongCodesADayMax = 20

export interface CodesAtDock {
  /** Wrong ones since midnight, or since somebody lifted the limit. */
  readonly wrong: number
  readonly isClosed: boolean
  /** The next midnight in Asia/Shanghai. */
  readonly dayEndsAt: Date
}

/**
 * Whether a dock still takes dock codes today. A code names its owner, so that each guess hits any of all that are in use: a
 * station that somebody else holds would find one in days. Work cards cannot be guessed so, and count on.
 */
export async function codesAtDock(db: Db, dockId: string, now: Date): Promise<CodesAtDock> {
  const dayBeginsAt = midnightBefore(now)
  const lifted = await db
    .selectFrom('dock_code_lift')
    .where('dock_id', '=', dockId)
    .where('lifted_at', '>=', dayBeginsAt)
    .select(({ fn }) => fn.max('lifted_at').as('at'))
    .executeTakeFirst()
  const { wrong } = await db
    .selectFrom('dock_identification')
    .where('dock_id', '=', dockId)
    .where('means', '=', 'code')
    .where('person_id', 'is', null)
    .where('at', '>=', dayBeginsAt)
    .where('at', '>', lifted?.at ?? new Date(dayBeginsAt.getTime() - 1))
    .select(({ fn }) => fn.countAll<number>().as('wrong'))
    .executeTakeFirstOrThrow()
  return { wrong, isClosed: wrong >= wrongCodesADayMax, dayEndsAt: new Date(dayBeginsAt.getTime() + dayMs) }
}

/** The docks that take no code any more today, and since when. */
export async function docksWithoutCodes(db: Db, now: Date): Promise<{ id: string; name: string; since: Date }[]> {
  const tried = await db
    .selectFrom('dock_identification as wrong')
    .innerJoin('dock', 'dock.id', 'wrong.dock_id')
    .where('wrong.means', '=', 'code')
    .where('wrong.person_id', 'is', null)
    .where('wrong.at', '>=', midnightBefore(now))
    .groupBy(['dock.id', 'dock.name'])
    .having(({ fn }) => fn.countAll(), '>=', wrongCodesADayMax)
    .select(['dock.id', 'dock.name'])
    .select(({ fn }) => fn.max('wrong.at').as('since'))
    .execute()
  const closed = await Promise.all(
    tried.map(async ({ id, name, since }) =>
      (await codesAtDock(db, id, now)).isClosed ? [{ id, name, since: new Date(since) }] : [],
    ),
  )
  return closed.flat()
}

/**
 * Lets a dock take dock codes again before the day is over.
 *
 * @throws not_found; conflict for a dock that takes them
 */
export async function liftCodeLimit(
  db: Db,
  clock: Clock,
  actor: Actor,
  { dockId, reason }: { dockId: string; reason: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const dock = isId(dockId)
      ? await trx.selectFrom('dock').where('id', '=', dockId).select('id').executeTakeFirst()
      : undefined
    if (!dock) throw new Fault('not_found', `there is no dock ${dockId.slice(0, 100)}`)
    await oneTryAtDock(trx, dock.id)
    const { isClosed, wrong } = await codesAtDock(trx, dock.id, clock.now())
    if (!isClosed)
      throw new Fault('conflict', `this dock takes dock codes: ${wrong} wrong ones of ${wrongCodesADayMax}`)
    const event = await recordEvent(trx, 'identity.limit_lifted', {
      ...{ clock, by: actor, subjects: [{ type: 'dock', id: dock.id }], details: { wrong, reason } },
    })
    const lifted = { event_id: event.id, dock_id: dock.id, lifted_by: actor.id, lifted_at: event.at }
    await trx.insertInto('dock_code_lift').values(lifted).execute()
  })
}

function midnightBefore(now: Date): Date {
  return new Date(Math.floor((now.getTime() + shanghaiOffsetMs) / dayMs) * dayMs - shanghaiOffsetMs)
}
