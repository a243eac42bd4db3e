import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { Office } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import { newOneTimeCode, oneTimeCodeHash } from '../../foundation/one-time-code.ts'
import { inForceAt } from '../bureau/deputyship-list.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import { actingIn } from '../roles/acting.ts'
import { lockOfficeAccounts } from '../roles/office-accounts.ts'
import { type ActingRole, may } from '../roles/permissions.ts'
import { areOnePerson, type Name, nameIn } from '../signing/one-person.ts'
import { requirePutUp } from '../signing/put-up.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { type PersonInService, peopleInService } from './offices.ts'
import { lockPerson } from './person.ts'
import { anyOf, releasingOffices } from './release-rules.ts'

export interface NewSpare {
  readonly personId: string
  /** Printed on the seal across the flap. */
  readonly sealNumber: string
  /** Where the envelope is kept. */
  readonly place: string
  /** Who sees the envelope closed and sealed, and confirms it: without reading the code. */
  readonly withPersonId: string
}

/**
 * Makes the code for an envelope that is sealed beforehand (密封备用码): it stands for the code of whoever would release the
 * account at a later password reset, and one of the two who seal it is of that office. Where the other offices' people are
 * few it is better sealed by the custodian: whoever sealed an envelope cannot reset the account that it opens. It counts once
 * the second person has confirmed seal and place; until then an earlier envelope of this account stays good.
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
  return db.transaction().execute(async (trx) => {
    await lockOfficeAccounts(trx)
    const person = await lockPerson(trx, personId)
    const inService = await peopleInService(trx)
    if (areOnePerson(actor, { id: personId })) throw new Fault('conflict', 'nobody seals a code for his own account')
    if (!inService.some(({ id }) => id === personId)) {
      throw new Fault('conflict', 'a spare code is for an account that is in use: it was opened once, and is not shut')
    }
    const second = await secondSealer(
      trx,
      { actor, personId, at: clock.now() },
      inService.find(({ id }) => id === withPersonId),
    )
    const office = officeUnder(person, actor, second)
    const taken = await trx
      .selectFrom('sealed_spare')
      .where('seal_number', '=', sealNumber)
      .select('id')
      .executeTakeFirst()
    if (taken) throw new Fault('conflict', `sealNumber: ${sealNumber} was used before: a seal is used once`)
    const id = newId(clock.now())
    const code = newOneTimeCode()
    const confirmed = await closed(trx, personId).where('confirmed_at', 'is not', null).select('id').executeTakeFirst()
    const event = await recordEvent(trx, 'spare.sealed', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: id, office, withPersonId, ...(confirmed && { keepsSpareId: confirmed.id }) },
    })
    await recordEvent(trx, 'spare.placed', {
      ...{ clock, by: actor, subjects: [{ type: 'person', id: personId }] },
      details: { spareId: id, sealNumber, place },
    })
    await replace(trx, closed(trx, personId).where('confirmed_at', 'is', null), event.at)
    await trx
      .insertInto('sealed_spare')
      .values({
        ...{ id, person_id: personId, code_hash: oneTimeCodeHash(code), seal_number: sealNumber, place },
        ...{ sealed_by: actor.id, sealed_at: event.at, with_person_id: withPersonId },
      })
      .execute()
    await keepProposersSeat(trx, actor, event)
    return { id, code }
  })
}

/**
 * The second sealer's word that the envelope is sealed with this number and lies in its place. From then on it counts, and
 * an earlier one of this account that nobody opened does not.
 *
 * @throws not_found; conflict when he is not the one whom the sealing names, or not independent of whoever sealed it, and for
 *   another seal number
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
    const putUp = await requirePutUp(trx, 'spare.confirmed', matter)
    const names = [await nameIn(trx, { id: putUp.id, actor: spare.sealed_by }), actor]
    const third = await requireEnoughNames(trx, { names, at: clock.now(), act: 'spare.confirmed', matter })
    const signature = await signatureOf(trx, clock, actor, { kind: 'spare.confirmed', ...matter, third })
    const event = await recordEvent(trx, 'spare.confirmed', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: spare.id, ...signature.details },
    })
    await signature.keepSeat(event)
    await replace(trx, closed(trx, personId).where('id', '<>', spare.id), event.at)
    await trx.updateTable('sealed_spare').set({ confirmed_at: event.at }).where('id', '=', spare.id).execute()
  })
}

/** The account's envelope of this seal, locked. @throws not_found; conflict for another seal number and a spent one */
export async function lockSealed(trx: Trx, personId: string, sealNumber: string) {
  await lockOfficeAccounts(trx)
  await lockPerson(trx, personId)
  const spares = await trx
    .selectFrom('sealed_spare')
    .where('person_id', '=', personId)
    .where('replaced_at', 'is', null)
    .selectAll()
    .orderBy('sealed_at', 'desc')
    .orderBy('id', 'desc')
    .forUpdate()
    .execute()
  const spare = spares.find((one) => one.seal_number === sealNumber) ?? spares[0]
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

/** The one who is to confirm it, as he acts now. @throws conflict */
async function secondSealer(
  trx: Trx,
  sealing: { actor: Signer; personId: string; at: Date },
  person: PersonInService | undefined,
): Promise<Name & { readonly role: ActingRole }> {
  const { actor, personId, at } = sealing
  if (!person?.canSignIn) throw new Fault('conflict', 'withPersonId: this account is not open')
  const deputyship = await trx
    .selectFrom('deputyship')
    .where(inForceAt(at))
    .where('deputy_id', '=', person.id)
    .select('supervisor_id')
    .executeTakeFirst()
  const principalId = deputyship?.supervisor_id ?? null
  const second = { id: person.id, ...actingIn({ role: person.role, inOffice: true, principalId }) }
  if (areOnePerson(actor, second)) {
    throw new Fault('conflict', 'withPersonId: an envelope is sealed by two different people')
  }
  if (second.id === personId) {
    throw new Fault('conflict', 'withPersonId: nobody confirms the envelope of his own account')
  }
  if (!may(second.role, 'spare.open')) {
    throw new Fault(
      'conflict',
      `withPersonId: the role ${second.role} confirms no envelope: name a supervisor, an auditor, a custodian or an administrator`,
    )
  }
  return second
}

/** The office whose code it stands for, of whichever of the two who seal it. @throws conflict when neither is of it */
function officeUnder(
  person: Awaited<ReturnType<typeof lockPerson>>,
  actor: Signer,
  second: { readonly role: ActingRole },
): Office {
  const releasing = releasingOffices(person.role)
  const office = [actor.role, second.role].flatMap((role) => releasing.find((one) => one === role) ?? [])[0]
  if (office) return office
  throw new Fault(
    'conflict',
    `the spare code of the role ${person.role} is sealed by ${anyOf(releasing)}, who would release the account, or with one as second person (withPersonId)`,
  )
}

/** The account's envelopes that nobody has opened. */
function closed(trx: Trx, personId: string) {
  return trx
    .selectFrom('sealed_spare')
    .where('person_id', '=', personId)
    .where('opened_at', 'is', null)
    .where('replaced_at', 'is', null)
}

async function replace(trx: Trx, spares: ReturnType<typeof closed>, at: Date): Promise<void> {
  await trx.updateTable('sealed_spare').set({ replaced_at: at }).where('id', 'in', spares.select('id')).execute()
}
