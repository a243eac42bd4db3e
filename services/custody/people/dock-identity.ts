import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { DockPassMeans } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { cardNumber, dockPassDigest } from './dock-pass-digest.ts'

/** † Wrong tries are counted within this time. */
const windowMs = 15 * 60_000
/** † A dock that tries more in that time, for whatever devices, asks nobody any more. */
const triesOfDockMax = 30

export interface KnownPerson {
  readonly person: { readonly id: string; readonly name: string; readonly number: string | null }
  readonly grade: DockPassMeans
}

/**
 * Who shows this card, or says this code, at a dock for the device in its slot. It is known there for what is said of that
 * device's hand-in and opens nothing else. Each wrong try is an event with the count of those before it; after five† for one
 * device, or 30† of a dock, within 15 minutes† nobody is asked any more.
 *
 * @throws wrong_role when it is nobody's; too_many_requests; not_found for a device that is not in the register; not_ready
 *   without a key
 */
export async function identifyAtDock(
  deps: { db: Db; clock: Clock; dockPassKey: string | null },
  dock: Actor,
  shown: { serial: string } & ({ card: string } | { code: string }),
): Promise<KnownPerson> {
  const means = 'card' in shown ? 'card' : 'code'
  const number = 'card' in shown ? cardNumber(shown.card) : shown.code
  const digest = await dockPassDigest(deps.dockPassKey, means, number)
  const { db, clock } = deps
  // The answer is a value, so that the event of a wrong try is committed.
  const outcome = await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('identify', hashtext(${dock.id})))`.execute(trx)
    const device = await trx.selectFrom('device').where('serial', '=', shown.serial).select('id').executeTakeFirst()
    if (!device) throw new Fault('not_found', 'serial: this device is not in the register')
    const tries = await wrongTries(trx, { dockId: dock.id, serial: shown.serial, now: clock.now() })
    if (tries.isLocked) return tries.until
    const person = await personOf(trx, means, digest)
    const at = await keepTry(trx, clock, dock, { serial: shown.serial, means, personId: person?.id ?? null, tries })
    if (!person) return at.lockedUntil
    const { id, name, officer_number } = person
    return { person: { id, name, number: officer_number }, grade: means } as const
  })
  if (outcome === null) throw new Fault('wrong_role', `this ${means} makes nobody known at docks`)
  if (!(outcome instanceof Date)) return outcome
  throw new Fault('too_many_requests', `too many wrong tries: nobody is asked before ${outcome.toISOString()}`, {
    details: { until: outcome.toISOString() },
  })
}

interface Tries {
  readonly max: number
  /** Wrong ones for this device, and of the dock, since the window began. */
  readonly ofDevice: readonly Date[]
  readonly ofDock: readonly Date[]
  readonly isLocked: boolean
  readonly until: Date
}

/** A right try for a device forgives the wrong ones before it. */
async function wrongTries(trx: Trx, asked: { dockId: string; serial: string; now: Date }): Promise<Tries> {
  const { dockId, serial, now } = asked
  const rows = await trx
    .selectFrom('dock_identification')
    .where('dock_id', '=', dockId)
    .where('at', '>', new Date(now.getTime() - windowMs))
    .select(['device_serial', 'person_id', 'at'])
    .orderBy('at')
    .orderBy('id')
    .execute()
  const own = rows.filter(({ device_serial }) => device_serial === serial)
  const ofDevice = own.slice(own.findLastIndex(({ person_id }) => person_id !== null) + 1).map(({ at }) => at)
  const ofDock = rows.filter(({ person_id }) => person_id === null).map(({ at }) => at)
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

async function keepTry(
  trx: Trx,
  clock: Clock,
  dock: Actor,
  tried: { serial: string; means: DockPassMeans; personId: string | null; tries: Tries },
): Promise<{ lockedUntil: Date | null }> {
  const { serial, means, personId, tries } = tried
  const keep = (at: Date) =>
    trx
      .insertInto('dock_identification')
      .values({ id: newId(at), dock_id: dock.id, device_serial: serial, means, person_id: personId, at })
      .execute()
  const now = clock.now()
  if (personId !== null) {
    await keep(now)
    return { lockedUntil: null }
  }
  const since = tries.ofDevice[0] ?? now
  const count = tries.ofDevice.length + 1
  const lockedUntil = count >= tries.max ? new Date(since.getTime() + windowMs) : null
  const { at } = await recordEvent(trx, 'identity.refused', {
    clock,
    by: dock,
    subjects: [
      { type: 'dock', id: dock.id },
      { type: 'device', id: serial },
    ],
    details: {
      ...{ means, count, since: since.toISOString() },
      ...(lockedUntil && { lockedUntil: lockedUntil.toISOString() }),
    },
  })
  await keep(at)
  return { lockedUntil }
}
