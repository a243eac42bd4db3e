import type { Db } from '../../foundation/db/database.ts'
import { areIndependent, type NewAccount } from './new-accounts.ts'
import { type Name, nameBehind, nameIn } from './one-person.ts'
import { requirePutUp } from './put-up.ts'

/** A third signature on paper, as its row says. */
export interface ThirdSheet {
  readonly id: string
  readonly signer_name: string
  readonly added_by: string
  readonly decided_by: string | null
  readonly decided_at: Date | null
  readonly confirmed: boolean | null
  readonly confirm_by: Date
}

/** Who stands under an act, and what is known of their accounts when it is looked at. */
export interface Under {
  readonly names: readonly Name[]
  readonly newAccounts: readonly NewAccount[]
  readonly at: Date
}

/**
 * Why a sheet does not count under an act of these names, in words that go on after its signer's name; null when it does.
 * Whoever added it, whoever confirmed it and its signer are independent of every name under the act, and it was confirmed or
 * can still be in time: but one that follows a sheet which failed counts only when it was confirmed.
 *
 * @param sheets all of this act about the same thing, however often it was put up
 */
export async function sheetFault(
  db: Db,
  sheet: ThirdSheet,
  sheets: readonly ThirdSheet[],
  under: Under,
): Promise<string | null> {
  const failure = failureOf(sheet, under.at)
  if (failure !== null) return failure
  if (sheet.confirmed === null && sheets.some((one) => failureOf(one, under.at) !== null)) {
    return 'counts only once an auditor has confirmed it, because another sheet of this matter did not hold'
  }
  const adder = await adderOf(db, sheet)
  if (!isApart(adder, under)) {
    return 'was added by somebody who signs the act, or is not independent of somebody who does'
  }
  if (sheet.decided_by !== null && !isApart(await deciderOf(db, sheet.id, sheet.decided_by), under)) {
    return 'was confirmed by somebody who signs the act, or is not independent of somebody who does'
  }
  return signerFault(db, sheet.signer_name, under)
}

/** Why a sheet carries no further act, whoever stands under it; null while it may. */
export function failureOf(sheet: Pick<ThirdSheet, 'confirmed' | 'confirm_by' | 'decided_at'>, at: Date): string | null {
  if (sheet.confirmed === false) return 'was refused by an auditor'
  if ((sheet.decided_at ?? at) < sheet.confirm_by) return null
  return `was to be confirmed by an auditor by ${sheet.confirm_by.toISOString()}, and was not`
}

function deciderOf(db: Db, id: string, by: string): Promise<Name> {
  const subject = `third_signature:${id}`
  return nameBehind(db, { by, kind: 'signature.third_confirmed', subject, isIt: () => true })
}

/** Who added a sheet, as its event says. */
export async function adderOf(db: Db, { id, added_by: actor }: Pick<ThirdSheet, 'id' | 'added_by'>): Promise<Name> {
  const putUp = await requirePutUp(db, 'signature.third_confirmed', { subjectId: id, memberValue: null })
  return nameIn(db, { id: putUp.id, actor })
}

/** Whether somebody is independent of every name under an act. */
export function isApart(one: Name, { names, newAccounts }: Pick<Under, 'names' | 'newAccounts'>): boolean {
  return names.every((name) => areIndependent(one, name, newAccounts))
}

/**
 * Why the signer whom a sheet names cannot be told from those under the act: somebody of that name has an account here, and
 * is one of them or not independent of them. Null when it is nobody's here, or somebody's who is.
 */
export async function signerFault(db: Db, signer: string, under: Pick<Under, 'names' | 'newAccounts'>) {
  const people = await db.selectFrom('person').select(['id', 'name']).execute()
  const namesakes = people.filter(({ name }) => plainName(name) === plainName(signer))
  if (namesakes.every((one) => isApart(one, under))) return null
  return 'has the name of somebody who has a part in the act, or is not independent of somebody who does: a person of another office must sign the sheet'
}

/** A name without what two spellings of it can differ in. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\s·.\u200b-\u200f\ufeff]/gu, '')
    .toLowerCase()
}
