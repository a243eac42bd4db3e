import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { newOneTimeCode, oneTimeCodeHash } from '../../foundation/one-time-code.ts'
import { dockSubjects, registerDock } from '../devices/dock.ts'
import { recordEvent } from '../events/record.ts'
import { settingValue } from '../settings/value.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { forgetTries, oneAtATime, refuseTry, triesLeft } from './enrolment-tries.ts'

const hourMs = 60 * 60_000

/** An enrolment as people see it: never its code. */
export interface ShownEnrolment {
  /** The dock's id, once it has enrolled. */
  readonly id: string
  readonly name: string
  readonly madeBy: string
  readonly madeAt: Date
  readonly expiresAt: Date
  readonly usedAt: Date | null
}

/**
 * Makes the one-time code by which a new dock enrols itself (A63). The code is answered once and only its digest is stored;
 * it holds for `dock.enrolment_hours`. The dock that comes with it opens nothing before a second person has released it.
 */
export async function makeEnrolment(
  db: Db,
  clock: Clock,
  actor: Signer,
  name: string,
): Promise<{ id: string; code: string; expiresAt: Date }> {
  return db.transaction().execute(async (trx) => {
    const now = clock.now()
    const id = newId(now)
    const code = newOneTimeCode()
    const hours = await settingValue(trx, 'dock.enrolment_hours', now)
    const expiresAt = new Date(now.getTime() + hours * hourMs)
    const made = await recordEvent(trx, 'dock.enrolment_made', {
      clock,
      by: actor,
      subjects: dockSubjects(id),
      details: { name, expiresAt: expiresAt.toISOString() },
    })
    await trx
      .insertInto('dock_enrolment')
      .values({
        ...{ id, name, code_hash: oneTimeCodeHash(code) },
        ...{ made_by: actor.id, made_at: made.at, expires_at: expiresAt, used_at: null },
      })
      .execute()
    await keepProposersSeat(trx, actor, made)
    return { id, code, expiresAt }
  })
}

/**
 * Enrols the dock that brings a code: it is registered with its key in the name of whoever made the code, and waits for its
 * second person. The token is answered once; when that answer is lost a new code is needed, which registers another dock, and this
 * one is revoked.
 *
 * @param asked `publicKey`: raw 32 bytes of Ed25519; `address`: where the request came from, by which wrong tries count
 * @throws not_signed_in for a code that is wrong, was used or is too old, or whose maker's account was shut, always in the same
 *   words; too_many_requests after `triesMax` of them
 */
export async function enrolDock(
  db: Db,
  clock: Clock,
  asked: { code: string; publicKey: Buffer; version: string; address: string },
): Promise<{ dockId: string; name: string; token: string }> {
  const { code, publicKey, version, address } = asked
  const enrolled = await db.transaction().execute(async (trx) => {
    await oneAtATime(trx)
    if ((await triesLeft(trx, clock.now(), address)) === 0) return 'too_many'
    const enrolment = await waitingEnrolment(trx, oneTimeCodeHash(code), clock.now())
    if (!enrolment) return refuseTry(trx, clock, address)
    const maker = { id: enrolment.made_by, role: 'administrator' }
    const { id, name } = enrolment
    const { token, registeredAt } = await registerDock(trx, clock, maker, {
      name,
      publicKey,
      enrolled: { id, version },
    })
    await trx.updateTable('dock_enrolment').set({ used_at: registeredAt }).where('id', '=', id).execute()
    await forgetTries(trx, address)
    return { dockId: id, name, token }
  })
  if (enrolled === 'too_many') {
    throw new Fault('too_many_requests', 'too many wrong codes came from here: wait 15 minutes, then try again')
  }
  if (enrolled !== 'refused') return enrolled
  throw new Fault(
    'not_signed_in',
    'this code enrols no dock: it is wrong, was used, or is too old. Ask the administrator for a new one',
  )
}

/** Every enrolment, the newest first. */
export async function listEnrolments(db: Db): Promise<ShownEnrolment[]> {
  const rows = await db
    .selectFrom('dock_enrolment')
    .select(['id', 'name', 'made_by', 'made_at', 'expires_at', 'used_at'])
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, madeBy: row.made_by, madeAt: row.made_at },
    ...{ expiresAt: row.expires_at, usedAt: row.used_at },
  }))
}

function waitingEnrolment(trx: Trx, codeHash: Buffer, at: Date) {
  return trx
    .selectFrom('dock_enrolment')
    .innerJoin('person', 'person.id', 'dock_enrolment.made_by')
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .where('person.disabled_at', 'is', null)
    .select(['dock_enrolment.id', 'dock_enrolment.name', 'dock_enrolment.made_by'])
    .forUpdate('dock_enrolment')
    .executeTakeFirst()
}
