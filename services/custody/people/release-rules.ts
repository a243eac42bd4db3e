import { type Office, offices } from '../../foundation/db/words.ts'
import type { Role } from '../roles/roles.ts'
import { dependenceAmong, type NewAccount } from '../signing/new-accounts.ts'
import { areOnePerson, type Name } from '../signing/one-person.ts'

/** What a release is about: whose account, and who gave the first password. */
export interface ReleasedOpening {
  readonly personId: string
  readonly role: Role
  readonly madeBy: Name
}

/** A supervisor or auditor in service, or a deputy who acts as supervisor. */
export interface OfficeHolder extends Name {
  readonly office: Office
  /** His account is new, and whoever made the opening made or released it. */
  readonly dependsOnMaker: boolean
}

export type ReleaseRight = 'at_once' | 'after_wait' | 'own_account' | 'own_opening' | 'wrong_office' | 'dependent'

/** Whether this right lets somebody release. */
export function mayRelease(right: ReleaseRight): right is 'at_once' | 'after_wait' {
  return right === 'at_once' || right === 'after_wait'
}

/** Whose act the release of such an account is: each control office, and who may act in it, is released by the other. */
export function releasingOffices(role: Role): readonly Office[] {
  if (role === 'supervisor' || role === 'deputy' || role === 'custodian') return ['auditor']
  if (role === 'auditor') return ['supervisor']
  return offices
}

/** An office holder beside the maker of an opening. */
export function holderBeside(
  holder: Name & { readonly office: Office },
  madeBy: Name,
  newAccounts: readonly NewAccount[],
): OfficeHolder {
  return { ...holder, dependsOnMaker: dependenceAmong([holder, madeBy], newAccounts) !== null }
}

/**
 * Whether this person may release this opening, and when it takes effect. Where nobody is in service whose act it would
 * be, the other office releases, and the others have time to stop it; a reset of somebody's password makes no office vacant.
 * A deputy releases neither the account of whoever appointed him nor what that person made.
 *
 * @param inService every supervisor and auditor in service
 */
export function releaseRight(
  releaser: OfficeHolder,
  opening: ReleasedOpening,
  inService: readonly OfficeHolder[],
): ReleaseRight {
  if (areOnePerson(releaser, { id: opening.personId })) return 'own_account'
  if (areOnePerson(releaser, opening.madeBy)) return 'own_opening'
  const right = releasingOffices(opening.role)
  const isRight = (one: OfficeHolder) => right.includes(one.office) && !one.dependsOnMaker
  if (!inService.some((one) => one.id !== opening.personId && isRight(one))) return 'after_wait'
  if (isRight(releaser)) return 'at_once'
  return right.includes(releaser.office) ? 'dependent' : 'wrong_office'
}

/** `a supervisor or an auditor` */
export function anyOf(these: readonly Office[]): string {
  return these.map((office) => (office === 'auditor' ? 'an auditor' : 'a supervisor')).join(' or ')
}
