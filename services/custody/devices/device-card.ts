import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { DeviceTable } from '../../foundation/db/schema/devices.ts'
import type { GuardedDeviceAct } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { type EventKind, kindName } from '../events/kinds.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import { lastHandInOf, type Missing, missingOf } from './missing.ts'

/** A device of the register with what there is to know of it now. */
export interface DeviceCard {
  readonly serial: string
  readonly kind: DeviceTable['kind']
  readonly model: string | null
  readonly holderId: string | null
  readonly state: DeviceTable['state']
  readonly registeredAt: Date
  readonly lastHandInAt: Date | null
  readonly missing: Missing
  /** The act that waits for a second person. */
  readonly waits: { readonly id: string; readonly act: GuardedDeviceAct; readonly askedAt: Date } | null
}

/** The newest events that a list of a device shows. */
const eventsMax = 500

/** @throws not_found */
export async function deviceCard(db: Db, serial: string): Promise<DeviceCard> {
  const device = await db.selectFrom('device').where('serial', '=', serial).selectAll().executeTakeFirst()
  if (!device) throw new Fault('not_found', `there is no device ${serial}`)
  const waits = await db
    .selectFrom('device_act')
    .where('device_id', '=', device.id)
    .where('decided_at', 'is', null)
    .select(['id', 'act', 'asked_at as askedAt'])
    .executeTakeFirst()
  return {
    serial,
    kind: device.kind,
    model: device.model,
    holderId: device.holder_id,
    state: device.state,
    registeredAt: device.registered_at,
    lastHandInAt: await lastHandInOf(db, serial),
    missing: await missingOf(db, serial),
    waits: waits ?? null,
  }
}

export interface HistoryLine {
  readonly at: string
  readonly kind: string
  readonly words: { readonly zh: string; readonly en: string }
  readonly actor: string
  readonly actorRole: string
  readonly note: string | null
}

/** The acts of a device's register, the newest first. */
export async function deviceHistory(db: Db, serial: string): Promise<HistoryLine[]> {
  const events = await eventsOf(db, serial, [
    'device.registered',
    'device.changed',
    'device.keeper_asked',
    'device.keeper_changed',
    'device.keeper_refused',
    'device.act_asked',
    'device.act_refused',
    'device.card_kept',
  ])
  return events.map((event) => ({
    ...{ at: event.at, kind: event.kind, actor: event.actor, actorRole: event.actorRole },
    words: { zh: kindName(event.kind), en: kindName(event.kind, 'en') },
    note: 'note' in event.details ? event.details.note : null,
  }))
}

export interface ClockPoint {
  readonly at: string
  readonly offsetMs: number
  /** Null where it was measured only. */
  readonly setTo: string | null
}

/** How far the device's clock was off at each hand-in, and when a dock set it; the newest first. Positive is fast. */
export async function deviceClock(db: Db, serial: string): Promise<ClockPoint[]> {
  const events = await eventsOf(db, serial, ['hand_in.opened', 'station.clock_set'])
  return events.flatMap((event): ClockPoint[] => {
    if (event.kind === 'station.clock_set') {
      return [{ at: event.details.saidAt, offsetMs: event.details.offsetMs, setTo: event.details.setTo }]
    }
    const { clockOffsetMs } = event.details
    return clockOffsetMs === null ? [] : [{ at: event.at, offsetMs: clockOffsetMs, setTo: null }]
  })
}

/** What docks found when the device was lifted for a shift (班前检查), the newest first. */
export async function deviceChecks(db: Db, serial: string) {
  const events = await eventsOf(db, serial, ['station.device_checked'])
  return events.map(({ details }) => details)
}

async function eventsOf<Kind extends EventKind>(
  db: Db,
  serial: string,
  kinds: readonly Kind[],
): Promise<KnownEvent<Kind>[]> {
  const { rows } = await sql<{ body: string }>`
    select body from event where subjects @> array[${`device:${serial}`}] and kind = any(${[...kinds]}::text[])
    order by committed_at desc, id desc limit ${eventsMax}`.execute(db)
  return rows.flatMap(({ body }) => {
    const parsed = bodyOrNull(body)
    const event = parsed && eventOf(parsed, ...kinds)
    return event ? [event] : []
  })
}
