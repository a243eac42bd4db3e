import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { accountSubjects } from '../events/account.ts'
import { recordEvent } from '../events/record.ts'
import { areOnePerson, type Name, nameIn } from '../signing/one-person.ts'
import { requirePutUp } from '../signing/put-up.ts'
import { keepProposersSeat, type Signer } from '../signing/seat.ts'
import { signatureOf } from '../signing/signature.ts'
import { requireEnoughNames } from '../signing/third-signature.ts'
import { lockNewestOpening, secretExpiry } from './opening.ts'
import { lockSealed } from './spare.ts'
import { handOfMaker, spareHands } from './spare-hands.ts'

/**
 * The first half of opening an envelope. It changes nothing before another person has opened it too; a later request takes
 * its place.
 *
 * @throws not_found; conflict for another seal number, an envelope that is spent or not confirmed, the person concerned, and
 *   whoever gave the account's first password
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
    await requireOtherHands(trx, { personId, hands: [...(await spareHands(trx, spare)), actor], at: clock.now() })
    const event = await recordEvent(trx, 'spare.opening_asked', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: { spareId: spare.id, reason },
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
    const at = clock.now()
    await requireOtherHands(trx, { personId, hands: [...(await spareHands(trx, spare)), asker, actor], at })
    const third = await requireEnoughNames(trx, { names: [asker, actor], at, act: 'spare.opened', matter })
    const signature = await signatureOf(trx, clock, actor, { kind: 'spare.opened', ...matter, third })
    const expiresAt = await secretExpiry(trx, at)
    const event = await recordEvent(trx, 'spare.opened', {
      ...{ clock, by: actor, subjects: accountSubjects(personId) },
      details: {
        ...{ spareId: spare.id, askedBy: asker.id, reason: String(putUp.body.details.reason) },
        ...{ expiresAt: expiresAt.toISOString(), ...signature.details },
      },
    })
    await signature.keepSeat(event)
    const opened = { opened_by: actor.id, opened_at: event.at, expires_at: expiresAt }
    await trx.updateTable('sealed_spare').set(opened).where('id', '=', spare.id).execute()
    return { expiresAt }
  })
}

/**
 * The first password that waits for a code now, and the code, lie in different hands.
 *
 * @throws conflict naming who has both
 */
async function requireOtherHands(
  trx: Trx,
  envelope: { personId: string; hands: readonly Name[]; at: Date },
): Promise<void> {
  const { personId, hands, at } = envelope
  const opening = await lockNewestOpening(trx, personId)
  if (!opening || opening.used_at) return
  const madeBy = await nameIn(trx, { id: opening.id, actor: opening.made_by })
  const hand = await handOfMaker(trx, { madeBy, hands, at })
  if (!hand) return
  const person = await trx.selectFrom('person').where('id', '=', hand.id).select('name').executeTakeFirst()
  throw new Fault(
    'conflict',
    `whoever gave the first password, or is not independent of that person, has no part in the envelope: ${person?.name ?? hand.id} does. Let somebody else open it, or somebody who did not seal it reset the password`,
    { details: { personId: hand.id } },
  )
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
