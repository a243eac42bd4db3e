import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { EventKind } from '../events/kinds.ts'
import { actingIn } from '../roles/acting.ts'
import { type Action, may } from '../roles/permissions.ts'
import { dependenceAmong, type NewAccount } from './new-accounts.ts'
import { areOnePerson, type Name } from './one-person.ts'
import { type ActOfTwo, eventsSince, type PutUp } from './put-up.ts'

interface ThirdSigned {
  /** What whoever signs the act must be allowed to do. */
  readonly signedBy: Action
  /** The events after which the matter waits for nobody any more. */
  readonly endedBy: readonly EventKind[]
}

/** The acts under which a third signature stands where two names are not enough. */
const thirdSigned = {
  'custodian.handover_signed': {
    signedBy: 'custodian.sign',
    endedBy: ['custodian.handed_over', 'custodian.handover_withdrawn'],
  },
  'package.signed': { signedBy: 'package.sign', endedBy: ['package.signed', 'package.refused'] },
  'quarantine.resolved': { signedBy: 'quarantine.decide', endedBy: ['quarantine.resolved'] },
  'clearing.given_up': {
    signedBy: 'clearing.decide_giving_up',
    endedBy: ['clearing.given_up', 'clearing.giving_up_refused'],
  },
  'rendition.supplied': {
    signedBy: 'rendition.decide_supply',
    endedBy: ['rendition.supplied', 'rendition.supply_refused'],
  },
  'setting.changed': {
    signedBy: 'setting.decide',
    endedBy: ['setting.changed', 'setting.refused', 'setting.withdrawn'],
  },
  'deputyship.signed': {
    signedBy: 'deputyship.sign',
    endedBy: ['deputyship.signed', 'deputyship.refused', 'deputyship.ended'],
  },
  'device.keeper_changed': {
    signedBy: 'device.confirm_keeper',
    endedBy: ['device.keeper_changed', 'device.keeper_refused'],
  },
  'dock.released': { signedBy: 'dock.release', endedBy: ['dock.released', 'dock.revoked'] },
  // The other office may release as well after the first release, and at any time.
  'person.released': {
    signedBy: 'person.release',
    endedBy: ['person.released', 'person.release_stopped', 'person.disabled'],
  },
  'person.disabled': { signedBy: 'person.decide_shutting', endedBy: ['person.disabled', 'person.shut_refused'] },
  'spare.confirmed': { signedBy: 'spare.open', endedBy: ['spare.confirmed'] },
  'spare.opened': { signedBy: 'spare.open', endedBy: ['spare.opened'] },
} as const satisfies { readonly [Kind in ActOfTwo]?: ThirdSigned }
export type ThirdSignedAct = keyof typeof thirdSigned
export const thirdSignedActs = Object.keys(thirdSigned) as ThirdSignedAct[]

/**
 * That a third signature can still have a use under this matter: it was not decided on, and somebody who may sign it, or who
 * has signed it, is not independent of somebody who has a part in it.
 *
 * @param under the names under the matter so far
 * @throws conflict
 */
export async function requireOpenToThird(
  db: Db,
  act: ThirdSignedAct,
  putUp: PutUp,
  under: { names: readonly Name[]; newAccounts: readonly NewAccount[]; at: Date },
): Promise<void> {
  const ends = await eventsSince(db, act, putUp, thirdSigned[act].endedBy)
  if (ends.some(({ kind, details }) => kind !== 'person.released' || details.isSecond === true)) {
    throw new Fault('conflict', 'this matter was decided already: nobody signs it any more')
  }
  const { names, newAccounts, at } = under
  const others = (await possibleSigners(db, act, putUp, at)).filter((one) =>
    names.every((name) => !areOnePerson(one, name)),
  )
  const areTooFew = (one: Name) => names.some((name) => dependenceAmong([one, name], newAccounts) !== null)
  if ([...names, ...others].some(areTooFew)) return
  throw new Fault(
    'conflict',
    'this matter takes no third signature: whoever may sign it is independent of those who have a part in it',
  )
}

/** Who may sign an act, by role; whoever an envelope was sealed with, where its sealing names him. */
async function possibleSigners(db: Db, act: ThirdSignedAct, putUp: PutUp, at: Date): Promise<Name[]> {
  const people = await db.selectFrom('person').where('disabled_at', 'is', null).select(['id', 'role']).execute()
  const deputyships = await db
    .selectFrom('deputyship')
    .where('state', '=', 'signed')
    .where('starts_at', '<=', at)
    .where('ends_at', '>', at)
    .select(['deputy_id', 'supervisor_id'])
    .execute()
  const { withPersonId } = putUp.body.details
  return people.flatMap(({ id, role }) => {
    if (act === 'spare.confirmed' && id !== withPersonId) return []
    const principalId = deputyships.find((one) => one.deputy_id === id)?.supervisor_id ?? null
    const { role: acting, ...commission } = actingIn({ role, inOffice: true, principalId })
    return may(acting, thirdSigned[act].signedBy) ? [{ id, ...commission }] : []
  })
}
