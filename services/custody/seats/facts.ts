import type { Db } from '../../foundation/db/database.ts'
import { inForceAt } from '../bureau/deputyship-list.ts'
import { peopleInService } from '../people/offices.ts'
import { usableSpares } from '../people/spare-hands.ts'
import { settingValue } from '../settings/value.ts'
import { workingDaysAfter } from '../settings/working-days.ts'
import { newAccountsOf } from '../signing/new-accounts.ts'
import { seatedRoles } from './acts.ts'
import type { Moment, SeatFacts } from './room.ts'

/** What the forecast is made from, for the working days from `at` that `seats.away_working_days` says. */
export async function seatFacts(db: Db, at: Date): Promise<SeatFacts> {
  const until = await workingDaysAfter(db, at, await settingValue(db, 'seats.away_working_days', at))
  const term = await db
    .selectFrom('custodian_term')
    .where('ended_at', 'is', null)
    .select('person_id')
    .executeTakeFirst()
  const people = await peopleInService(db)
  const seats = people
    .filter(({ role }) => seatedRoles.some((one) => one === role))
    .map((person) => ({ ...person, inOffice: person.id === term?.person_id }))
  const first = await momentAt(db, at)
  const later: Moment[] = []
  for (const time of await changesBetween(db, at, until)) later.push(await momentAt(db, time))
  const spares = (await usableSpares(db, at)).filter(({ personId }) => seats.some(({ id }) => id === personId))
  return { seats, newAccounts: await newAccountsOf(db, at), spares, moments: [first, ...later], until }
}

async function momentAt(db: Db, at: Date): Promise<Moment> {
  const rows = await db.selectFrom('deputyship').where(inForceAt(at)).select(['deputy_id', 'supervisor_id']).execute()
  return { at, principals: new Map(rows.map((row) => [row.deputy_id, row.supervisor_id])) }
}

/** When deputyships begin and end in this time. */
async function changesBetween(db: Db, from: Date, until: Date): Promise<Date[]> {
  const rows = await db
    .selectFrom('deputyship')
    .where('state', '=', 'signed')
    .where('ends_at', '>', from)
    .where('starts_at', '<', until)
    .select(['starts_at', 'ends_at'])
    .execute()
  const times = rows.flatMap((row) => [row.starts_at.getTime(), row.ends_at.getTime()])
  const within = [...new Set(times)].filter((time) => time > from.getTime() && time < until.getTime())
  return within.sort((a, b) => a - b).map((time) => new Date(time))
}
