import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { type Office, offices } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import { requireIndependentNames } from '../signing/new-accounts.ts'
import { areOnePerson, nameIn } from '../signing/one-person.ts'
import { requirePutUp } from '../signing/put-up.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { signatureOf } from '../signing/signature.ts'
import { peopleInService } from './offices.ts'
import { secretExpiry } from './opening.ts'
import { lockPerson } from './person.ts'
import { newReleaseCode, releaseCodeHash } from './release-code.ts'
import { anyOf, releasingOffices } from './release-rules.ts'

export interface NewSpare {
  readonly personId: string
  /** Printed on the seal across the flap. */
  readonly sealNumber: string
  /** Where the envelope is kept. */
  readonly place: string
  /** Who sees it being sealed, and confirms it. */
  readonly withPersonId: string
}

/**
 * Makes the code for an envelope that is sealed beforehand (密封备用码): it stands for the code of whoever would release the
 * account at a later password reset. It counts once the second person has confirmed seal and place, and takes the place of
 * an earlier envelope of this account.
 *
 * @returns the code, answered once; only its digest is stored
 * @throws not_found; conflict when it is another office's to give, for one's own account, and for a seal number used before
 */
export async function sealSpare(
  db: Db,
  clock: Clock,
  actor: Signer,
  spare: NewSpare,
): Promise<{ id: string; code: string }> {
  const { personId, sealNumber, place, withPersonId } = spare
  const office = offices.find((one) => one === actor.role)
  if (!office) throw new Fault('wrong_role', 'a spare code is sealed by a supervisor or an auditor')
  return db.transaction().execute(async (trx) => {
    const person = await lockPerson(trx, personId)
    await requireSealable(trx, actor, office, person)
    await requireSecondSealer(trx, actor, withPersonId)
    const taken = await trx
      .selectFrom('sealed_spare')
      .where('seal_number', '=', sealNumber)
      .select('id')
      .executeTakeFirst()
    if (taken) throw new Fault('conflict', `sealNumber: ${sealNumber} was used before: a seal is used once`)
    const id = newId(clock.now())
    const code = newReleaseCode()
    const event = await recordEvent(trx, 'spare.sealed', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: id, sealNumber, place, office, withPersonId },
    })
    await live(trx, personId).set({ replaced_at: event.at }).execute()
    await trx
      .insertInto('sealed_spare')
      .values({
        ...{ id, person_id: personId, code_hash: releaseCodeHash(code), seal_number: sealNumber, place },
        ...{ sealed_by: actor.id, sealed_at: event.at, with_person_id: withPersonId },
      })
      .execute()
    await keepProposersSeat(trx, actor, event)
    return { id, code }
  })
}

/**
 * The second sealer's word that the envelope is sealed with this number and lies in its place. From then on it counts.
 *
 * @throws not_found; conflict when he is not the one whom the sealing names, and for another seal number
 */
export async function confirmSpare(
  db: Db,
  clock: Clock,
  actor: Signer,
  confirmed: { personId: string; sealNumber: string },
): Promise<void> {
  const { personId, sealNumber } = confirmed
  await db.transaction().execute(async (trx) => {
    const spare = await lockSealed(trx, personId, sealNumber)
    if (spare.confirmed_at) throw new Fault('conflict', 'this spare code was confirmed already')
    if (spare.with_person_id !== actor.id) {
      throw new Fault('conflict', 'a spare code is confirmed by whoever saw it being sealed: the sealing names another')
    }
    const matter = { subjectId: personId, memberValue: spare.id }
    const signature = await signatureOf(trx, clock, actor, { kind: 'spare.confirmed', ...matter })
    const event = await recordEvent(trx, 'spare.confirmed', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: spare.id, sealNumber, ...signature.details },
    })
    await signature.keepSeat(event)
    await trx.updateTable('sealed_spare').set({ confirmed_at: event.at }).where('id', '=', spare.id).execute()
  })
}

/**
 * The first half of opening an envelope. It changes nothing before another person has opened it too; a later request takes
 * its place.
 *
 * @throws not_found; conflict for another seal number, an envelope that is spent or not confirmed, and the person concerned
 */
export async function askSpareOpening(
  db: Db,
  clock: Clock,
  actor: Signer,
  asked: { personId: string; sealNumber: string; reason: string },
): Promise<void> {
  const { personId, sealNumber, reason } = asked
  await db.transaction().execute(async (trx) => {
    const spare = await lockConfirmed(trx, actor, personId, sealNumber)
    const event = await recordEvent(trx, 'spare.opening_asked', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: spare.id, sealNumber, reason },
    })
    await keepProposersSeat(trx, actor, event)
    const request = { asked_by: actor.id, asked_at: event.at }
    await trx.updateTable('sealed_spare').set(request).where('id', '=', spare.id).execute()
  })
}

/**
 * Opens the envelope as second person: from now on its code works with the first password of a reset, once, without a wait,
 * until the time that is answered.
 *
 * @throws as `askSpareOpening`; conflict when nobody asked, or the same person did
 */
export async function openSpare(
  db: Db,
  clock: Clock,
  actor: Signer,
  opening: { personId: string; sealNumber: string },
): Promise<{ expiresAt: Date }> {
  const { personId, sealNumber } = opening
  return db.transaction().execute(async (trx) => {
    const spare = await lockConfirmed(trx, actor, personId, sealNumber)
    if (!spare.asked_by) throw new Fault('conflict', 'nobody has asked for the opening yet: it takes two people')
    const matter = { subjectId: personId, memberValue: spare.id }
    const putUp = await requirePutUp(trx, 'spare.opened', matter)
    const asker = await nameIn(trx, { id: putUp.id, actor: spare.asked_by })
    if (areOnePerson(actor, asker)) {
      throw new Fault('conflict', 'an envelope is opened by two different people: somebody else must open it with you')
    }
    await requireIndependentNames(trx, { names: [asker, actor], at: clock.now() })
    const signature = await signatureOf(trx, clock, actor, { kind: 'spare.opened', ...matter })
    const expiresAt = await secretExpiry(trx, clock.now())
    const event = await recordEvent(trx, 'spare.opened', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: {
        ...{ spareId: spare.id, sealNumber, askedBy: asker.id, reason: String(putUp.body.details.reason) },
        ...{ expiresAt: expiresAt.toISOString(), ...signature.details },
      },
    })
    await signature.keepSeat(event)
    const opened = { opened_by: actor.id, opened_at: event.at, expires_at: expiresAt }
    await trx.updateTable('sealed_spare').set(opened).where('id', '=', spare.id).execute()
    return { expiresAt }
  })
}

async function requireSealable(
  trx: Trx,
  actor: Signer,
  office: Office,
  person: Awaited<ReturnType<typeof lockPerson>>,
): Promise<void> {
  if (areOnePerson(actor, { id: person.id })) throw new Fault('conflict', 'nobody seals a code for his own account')
  if (!(await peopleInService(trx)).some(({ id }) => id === person.id)) {
    throw new Fault('conflict', 'a spare code is for an account that is in use: it was opened once, and is not shut')
  }
  if (releasingOffices(person.role).includes(office)) return
  const who = anyOf(releasingOffices(person.role))
  throw new Fault(
    'conflict',
    `the spare code of the role ${person.role} is sealed by ${who}, who would release the account`,
  )
}

async function requireSecondSealer(trx: Trx, actor: Signer, personId: string): Promise<void> {
  if (areOnePerson(actor, { id: personId })) {
    throw new Fault('conflict', 'withPersonId: an envelope is sealed by two different people')
  }
  const inService = await peopleInService(trx)
  const person = inService.find(({ id }) => id === personId)
  if (!person?.canSignIn) throw new Fault('conflict', 'withPersonId: this account is not open')
}

/** The envelope that counts or is to count, and that nobody has opened. */
function live(trx: Trx, personId: string) {
  return trx
    .updateTable('sealed_spare')
    .where('person_id', '=', personId)
    .where('opened_at', 'is', null)
    .where('replaced_at', 'is', null)
}

async function lockSealed(trx: Trx, personId: string, sealNumber: string) {
  await lockPerson(trx, personId)
  const spare = await trx
    .selectFrom('sealed_spare')
    .where('person_id', '=', personId)
    .where('replaced_at', 'is', null)
    .selectAll()
    .orderBy('sealed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (!spare) throw new Fault('not_found', 'there is no envelope with a spare code for this account')
  if (spare.opened_at) throw new Fault('conflict', 'this spare code is spent: its envelope was opened. Seal another')
  if (spare.seal_number !== sealNumber) {
    throw new Fault(
      'conflict',
      'sealNumber: another seal is on record. Do not open this envelope: it may be an older one, or may have been changed',
    )
  }
  return spare
}

async function lockConfirmed(trx: Trx, actor: Signer, personId: string, sealNumber: string) {
  const spare = await lockSealed(trx, personId, sealNumber)
  if (!spare.confirmed_at) {
    throw new Fault('conflict', 'this spare code does not count: whoever saw it being sealed has not confirmed it')
  }
  if (areOnePerson(actor, { id: personId })) {
    throw new Fault('conflict', 'nobody opens the envelope of his own account: two others must')
  }
  return spare
}
