import type { Db, Trx } from '../../foundation/db/database.ts'
import type { PersonTable } from '../../foundation/db/schema/people.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Role } from '../roles/roles.ts'

export interface NewPerson {
  readonly name: string
  readonly role: Role
  readonly account: string
  readonly officerNumber?: string | null
  readonly certificateNumber?: string | null
}

/** What the event `person.created` says of a person, so that no report rests on a row alone. */
export function factsOf(person: NewPerson) {
  const { name, role, account, officerNumber = null, certificateNumber = null } = person
  return { name, role, account, officerNumber, certificateNumber }
}

/** Enters a person's row. @throws conflict when the account name is taken */
export async function enterPerson(
  trx: Trx,
  person: NewPerson & { id: string; passwordHash: string; awaitsRelease: boolean; createdAt: Date },
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('person')
    .values({
      id: person.id,
      name: person.name,
      role: person.role,
      account: person.account,
      officer_number: person.officerNumber ?? null,
      certificate_number: person.certificateNumber ?? null,
      password_hash: person.passwordHash,
      awaits_release: person.awaitsRelease,
      created_at: person.createdAt,
    })
    .onConflict((conflict) => conflict.column('account').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows === 0n) {
    throw new Fault('conflict', `there is already an account ${person.account}: choose another name`)
  }
}

export type PersonRow = Pick<
  PersonTable,
  'id' | 'name' | 'role' | 'account' | 'officer_number' | 'certificate_number'
> & {
  disabled_at: Date | null
  locked_until: Date | null
  awaits_release: boolean
  created_at: Date
  /** Why somebody asked that the account be shut, while nobody has decided. */
  shutting: { reason: string; askedBy: string; askedAt: Date } | null
}

/** Everybody, by name; without anything secret. */
export async function listPeople(db: Db): Promise<PersonRow[]> {
  const rows = await db
    .selectFrom('person')
    .leftJoin('account_shutting as shutting', (join) =>
      join.onRef('shutting.person_id', '=', 'person.id').on('shutting.decided_at', 'is', null),
    )
    .select([
      'person.id',
      'name',
      'role',
      'account',
      'officer_number',
      'certificate_number',
      'disabled_at',
      'locked_until',
      'awaits_release',
      'created_at',
      'reason',
      'asked_by',
      'asked_at',
    ])
    .orderBy('name')
    .orderBy('person.id')
    .execute()
  return rows.map(({ reason, asked_by: askedBy, asked_at: askedAt, ...row }) => ({
    ...row,
    shutting: reason !== null && askedBy && askedAt ? { reason, askedBy, askedAt } : null,
  }))
}

export async function lockPerson(trx: Trx, personId: string) {
  const person = await trx
    .selectFrom('person')
    .where('id', '=', personId)
    .select(['id', 'role', 'disabled_at', 'awaits_release'])
    .forUpdate()
    .executeTakeFirst()
  if (!person) throw new Fault('not_found', `there is no person ${personId}`)
  return person
}
