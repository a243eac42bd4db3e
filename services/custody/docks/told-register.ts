import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { DeviceKind, DeviceState } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isOfDevice } from '../devices/device-now.ts'
import { rosterAround } from '../rosters/roster.ts'
import { dayIn } from '../settings/calendar.ts'
import type { SettingValue, settings } from '../settings/declared.ts'
import { settingValue } from '../settings/value.ts'
import { handInDeadlineAfter } from '../settings/working-days.ts'

/** What a dock is told of the bureau, and keeps for when the line is cut. Nothing in it is secret or of any recording. */
export interface ToldRegister {
  readonly station: { readonly id: string; readonly name: string; readonly releasedAt: string | null }
  readonly settings: ToldSettings
  readonly devices: readonly ToldDevice[]
  readonly people: readonly ToldPerson[]
  readonly roster: readonly {
    readonly personId: string
    readonly serial: string | null
    readonly from: string
    readonly to: string
  }[]
}

interface ToldSettings {
  readonly clearing: SettingValue<'dock.clearing'>
  readonly lateMs: number
  readonly lateMsWhenFull: number
  readonly fullPercent: number
  readonly handInTerm: HandInTerm
  readonly clockErrorMaxMs: number
  readonly checkBatteryPercent: number
  readonly checkFreePercent: number
  readonly names: SettingValue<'dock.names_shown'>
  readonly contact: SettingValue<'dock.contact'>
}

/** Until when what is docked has to be all here: so many hours, or by the day (of Beijing) on which it was docked. */
interface HandInTerm {
  readonly hours: number | null
  readonly days: { readonly day: string; readonly endsAt: string }[]
}

interface ToldDevice {
  readonly serial: string
  readonly kind: DeviceKind
  readonly model: string | null
  readonly state: DeviceState
  /** 保管人; null is the unit. */
  readonly keeper: string | null
  readonly lastHandIn: { readonly at: string; readonly runningNumber: number | null } | null
}

interface ToldPerson {
  readonly id: string
  readonly name: string
  readonly number: string | null
  readonly role: string
}

const hourMs = 60 * 60_000

/**
 * What this dock is told: itself, its settings in force, every device, officers and assistants in service, and the roster.
 * The same for the same rows, whenever it is asked for.
 *
 * @throws not_signed_in when the dock is not in the register any more
 */
export async function toldRegister(db: Db, asked: { dockId: string; at: Date }): Promise<ToldRegister> {
  const { dockId, at } = asked
  const station = await db
    .selectFrom('dock')
    .where('id', '=', dockId)
    .select(['id', 'name', 'released_at'])
    .executeTakeFirst()
  if (!station) throw new Fault('not_signed_in', 'this dock is not in the register any more')
  const roster = await rosterAround(db, at)
  return {
    station: { id: station.id, name: station.name, releasedAt: station.released_at?.toISOString() ?? null },
    settings: await toldSettings(db, at),
    devices: await toldDevices(db),
    people: await toldPeople(db),
    roster: roster.map(({ personId, serial, from, to }) => {
      return { personId, serial, from: from.toISOString(), to: to.toISOString() }
    }),
  }
}

async function toldSettings(db: Db, at: Date): Promise<ToldSettings> {
  const value = <Key extends keyof typeof settings>(key: Key) => settingValue(db, key, at)
  return {
    clearing: await value('dock.clearing'),
    lateMs: (await value('dock.witness_late_hours')) * hourMs,
    lateMsWhenFull: (await value('dock.witness_late_hours_when_full')) * hourMs,
    fullPercent: await value('dock.full_percent'),
    handInTerm: await toldTerm(db, at),
    clockErrorMaxMs: (await value('dock.clock_error_max_seconds')) * 1000,
    checkBatteryPercent: await value('dock.check_battery_percent'),
    checkFreePercent: await value('dock.check_free_percent'),
    names: await value('dock.names_shown'),
    contact: await value('dock.contact'),
  }
}

const dayMs = 24 * hourMs
/** A station that hears nothing of the bureau for longer prints no date. */
const toldDays = 14

async function toldTerm(db: Db, at: Date): Promise<HandInTerm> {
  if ((await settingValue(db, 'hand_in.deadline', at)) === '24_hours') return { hours: 24, days: [] }
  const days = []
  for (let ahead = 0; ahead < toldDays; ahead++) {
    const begun = new Date(at.getTime() + ahead * dayMs)
    days.push({ day: dayIn(begun), endsAt: (await handInDeadlineAfter(db, begun)).toISOString() })
  }
  return { hours: null, days }
}

async function toldDevices(db: Db): Promise<ToldDevice[]> {
  const { rows } = await sql<{
    serial: string
    kind: DeviceKind
    model: string | null
    state: DeviceState
    keeper: string | null
    at: Date | null
  }>`
    select device.serial, device.kind, device.model, device.state, device.holder_id as keeper, newest.opened_at as at
    from device left join lateral (
      select opened_at from hand_in where ${isOfDevice(sql.ref('device.serial'))} order by opened_at desc limit 1
    ) newest on true
    order by device.serial`.execute(db)
  const running = await lastRunningNumbers(db)
  return rows.map(({ at, ...device }) => ({
    ...device,
    lastHandIn: at && { at: at.toISOString(), runningNumber: running.get(device.serial) ?? null },
  }))
}

/** By serial: the last of the list that was signed last, for a list of a dock that was offline comes late. */
async function lastRunningNumbers(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ serial: string; running: number }>`
    select device.serial, numbered.running_number as running
    from device cross join lateral (
      select running_number from hand_in
      where ${isOfDevice(sql.ref('device.serial'))} and running_number is not null
      order by signed_at desc, opened_at desc limit 1
    ) numbered`.execute(db)
  return new Map(rows.map(({ serial, running }) => [serial, running]))
}

async function toldPeople(db: Db): Promise<ToldPerson[]> {
  return db
    .selectFrom('person')
    .where('role', 'in', ['officer', 'assistant'])
    .where('disabled_at', 'is', null)
    .select(['id', 'name', 'officer_number as number', 'role'])
    .orderBy('id')
    .execute()
}
