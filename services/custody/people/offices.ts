import { sql } from 'kysely'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { Office } from '../../foundation/db/words.ts'
import { lockOfficeAccounts } from '../roles/office-accounts.ts'
import type { Role } from '../roles/roles.ts'
import { newAccountsOf } from '../signing/new-accounts.ts'
import type { Name } from '../signing/one-person.ts'
import { holderBeside, type OfficeHolder } from './release-rules.ts'

/** A supervisor, auditor or administrator in service: his account is not shut, and was opened once. */
export interface InService {
  readonly id: string
  readonly role: Extract<Role, Office | 'administrator'>
  /** His account waits for no release and for no first sign-in. */
  readonly canSignIn: boolean
}

/** `officesInService` of accounts that are locked, so that none of them is shut or reset until the transaction ends. */
export async function lockOffices(trx: Trx): Promise<InService[]> {
  await lockOfficeAccounts(trx)
  return officesInService(trx)
}

/** The supervisors, auditors and administrators in service. */
export async function officesInService(db: Db): Promise<InService[]> {
  const people = await peopleInService(db)
  return people.flatMap(({ id, role, canSignIn }) =>
    role === 'supervisor' || role === 'auditor' || role === 'administrator' ? [{ id, role, canSignIn }] : [],
  )
}

/** Everybody in service: his account is not shut, and was opened once. */
export interface PersonInService extends Named {
  readonly role: Role
  /** His account waits for no release and for no first sign-in. */
  readonly canSignIn: boolean
}

interface Named {
  readonly id: string
  readonly name: string
  readonly account: string
}

/** Everybody in service, by id. An account of `custody setup` counts as opened. */
export async function peopleInService(db: Db): Promise<PersonInService[]> {
  const { rows } = await sql<PersonInService>`
    select person.id, person.name, person.account, person.role,
      not person.awaits_release and not coalesce(latest.is_unused, false) as "canSignIn"
    from person
    left join lateral (
      select used_at is null as is_unused from account_opening
      where person_id = person.id order by made_at desc, id desc limit 1
    ) latest on true
    where person.disabled_at is null and (
      exists (select from account_opening where person_id = person.id and used_at is not null)
      or not exists (select from account_opening where person_id = person.id and cause = 'created'))
    order by person.id`.execute(db)
  return rows
}

/** Those who may release an opening that `madeBy` made, with whether they depend on him, and those on them. */
export async function officeHolders(
  db: Db,
  inService: readonly InService[],
  opening: { madeBy: Name; at: Date },
): Promise<(OfficeHolder & { readonly canSignIn: boolean })[]> {
  const { madeBy, at } = opening
  const accounts = await newAccountsOf(db, at)
  return inService.flatMap(({ id, role, canSignIn }) =>
    role === 'administrator' ? [] : [{ ...holderBeside({ id, office: role }, madeBy, accounts), canSignIn }],
  )
}
