import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DockPassMeans } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { isId } from '../../foundation/id.ts'
import { keepIdentification } from '../devices/identification.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { type CodesAtDock, codesAtDock, wrongCodesADayMax } from './dock-codes.ts'
import { cardNumber, dockPassDigest } from './dock-pass-digest.ts'
import { oneTryAtDock } from './dock-tries.ts'

const dayMs = 24 * 60 * 60_000
/** † Wrong tries are counted within this time. */
const windowMs = 15 * 60_000
/** † A dock that tries more in that time, for whatever devices, asks nobody any more. */
const triesOfDockMax = 30

export interface KnownPerson {
  readonly person: { readonly id: string; readonly name: string; readonly number: string | null }
  readonly grade: DockPassMeans
}

/**
 * Who shows this card, or says this code, at a dock for the device in its slot. It is known there for a quarter of an hour† for
 * what is said of one hand-in of that device, and opens nothing else. Each is an event, wrong ones with the count of those before;
 * after five† wrong ones for one device, or 30† of a dock, within 15 minutes† nobody is asked any more, and a right one forgives
 * nothing. After 20† wrong codes in a day only cards count at that dock (`dock-codes.ts`).
 *
 * @param shown `handInId`: which hand-in it is for; null: the next one of the device there; absent: the newest of the last day†
 * @throws wrong_role when it is nobody's; too_many_requests; locked when this dock
 *   takes no codes today; not_found for a device that is not in the register or a
 *   hand-in that is not of it and this dock; not_ready without a key
 */
export async function identifyAtDock(
  deps: { db: Db; clock: Clock; dockPassKey: string | null },
  dock: Actor,
  shown: { serial: string; handInId?: string | null } & ({ card: string } | { code: string }),
): Promise<KnownPerson> {
  const means = 'card' in shown ? 'card' : 'code'
  const number = 'card' in shown ? cardNumber(shown.card) : shown.code
  const digest = await dockPassDigest(deps.dockPassKey, means, number)
  const { db, clock } = deps
  // The answer is a value, so that the event of a wrong try is committed.
  const outcome = await db.transaction().execute(async (trx) => {
    await oneTryAtDock(trx, dock.id)
    const device = await trx.selectFrom('device').where('serial', '=', shown.serial).select('id').executeTakeFirst()
    if (!device) throw new Fault('not_found', 'serial: this device is not in the register')
    const handInId = await handInOf(trx, dock.id, shown, clock.now())
    const codes = means === 'code' ? await codesAtDock(trx, dock.id, clock.now()) : null
    if (codes?.isClosed) return codes
    const tries = await wrongTries(trx, { dockId: dock.id, serial: shown.serial, now: clock.now() })
    if (tries.isLocked) return tries.until
    const person = await personOf(trx, means, digest)
    if (!person) return refuse(trx, clock, dock, { serial: shown.serial, means, tries, codes })
    const { id, name, officer_number } = person
    await keepIdentification(trx, clock, dock, { serial: shown.serial, means, personId: id, handInId })
    return { person: { id, name, number: officer_number }, grade: means } as const
  })
  if (outcome === null) throw new Fault('wrong_role', `this ${means} makes nobody known at docks`)
  if ('isClosed' in outcome) throw codesClosed(outcome)
  if (!(outcome instanceof Date)) return outcome
  throw new Fault('too_many_requests', `too many wrong tries: nobody is asked before ${outcome.toISOString()}`, {
    details: { until: outcome.toISOString() },
  })
}

function codesClosed({ dayEndsAt }: CodesAtDock): Fault {
  const until = dayEndsAt.toISOString()
  return new Fault(
    'locked',
    `too many wrong dock codes were tried at this dock today: until ${until} only work cards count here. Show a work card, or ask a supervisor or the system administrator to lift it`,
    { details: { until } },
  )
}

interface Tries {
  readonly max: number
  /** Wrong ones for this device, and of the dock, since the window began. */
  readonly ofDevice: readonly Date[]
  readonly ofDock: readonly Date[]
  readonly isLocked: boolean
  readonly until: Date
}

async function wrongTries(trx: Trx, asked: { dockId: string; serial: string; now: Date }): Promise<Tries> {
  const { dockId, serial, now } = asked
  const rows = await trx
    .selectFrom('dock_identification')
    .where('dock_id', '=', dockId)
    .where('at', '>', new Date(now.getTime() - windowMs))
    .where('person_id', 'is', null)
    .select(['device_serial', 'at'])
    .orderBy('at')
    .orderBy('event_id')
    .execute()
  const ofDevice = rows.filter(({ device_serial }) => device_serial === serial).map(({ at }) => at)
  const ofDock = rows.map(({ at }) => at)
  const max = await settingValue(trx, 'dock_pass.wrong_tries', now)
  const oldest = ofDevice.length >= max ? ofDevice.at(-max)! : (ofDock.at(-triesOfDockMax) ?? now)
  return {
    ...{ max, ofDevice, ofDock },
    isLocked: ofDevice.length >= max || ofDock.length >= triesOfDockMax,
    until: new Date(oldest.getTime() + windowMs),
  }
}

async function personOf(trx: Trx, means: DockPassMeans, digest: Buffer) {
  return trx
    .selectFrom('dock_pass')
    .innerJoin('person', 'person.id', 'dock_pass.person_id')
    .where('dock_pass.digest', '=', digest)
    .where('dock_pass.means', '=', means)
    .where('dock_pass.released_at', 'is not', null)
    .where('dock_pass.taken_back_at', 'is', null)
    .where('person.role', 'in', ['officer', 'assistant'])
    .where('person.disabled_at', 'is', null)
    .select(['person.id', 'person.name', 'person.officer_number'])
    .executeTakeFirst()
}

/** @throws not_found */
async function handInOf(
  trx: Trx,
  dockId: string,
  shown: { serial: string; handInId?: string | null },
  now: Date,
): Promise<string | null> {
  const { serial, handInId } = shown
  if (handInId === null) return null
  let query = trx.selectFrom('hand_in').where('dock_id', '=', dockId).where('device_serial', '=', serial)
  if (handInId === undefined) query = query.where('opened_at', '>', new Date(now.getTime() - dayMs))
  else query = query.where('id', '=', isId(handInId) ? handInId : null)
  const found = await query.select('id').orderBy('opened_at', 'desc').limit(1).executeTakeFirst()
  if (found || handInId === undefined) return found?.id ?? null
  throw new Fault('not_found', `handInId: this dock has no such hand-in of ${serial}`)
}

/** @returns until when nobody is asked for this device, or that the dock takes no code any more; null while somebody may try */
async function refuse(
  trx: Trx,
  clock: Clock,
  dock: Actor,
  tried: { serial: string; means: DockPassMeans; tries: Tries; codes: CodesAtDock | null },
): Promise<Date | CodesAtDock | null> {
  const { serial, means, tries, codes } = tried
  const since = tries.ofDevice[0] ?? clock.now()
  const count = tries.ofDevice.length + 1
  const lockedUntil = count >= tries.max ? new Date(since.getTime() + windowMs) : null
  const closed = codes !== null && codes.wrong + 1 >= wrongCodesADayMax ? { ...codes, isClosed: true } : null
  const { id, at } = await recordEvent(trx, 'identity.refused', {
    clock,
    by: dock,
    subjects: [
      { type: 'dock', id: dock.id },
      { type: 'device', id: serial },
    ],
    details: {
      ...{ means, count, since: since.toISOString() },
      ...(lockedUntil && { lockedUntil: lockedUntil.toISOString() }),
      ...(closed && { codesClosedUntil: closed.dayEndsAt.toISOString() }),
    },
  })
  await trx
    .insertInto('dock_identification')
    .values({
      ...{ event_id: id, dock_id: dock.id, device_serial: serial, hand_in_id: null },
      ...{ means, person_id: null, at },
    })
    .execute()
  return closed ?? lockedUntil
}
