import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { accountNames } from '../../ledger/format/account-names.ts'
import { checkBody } from '../../ledger/format/entry.ts'
import type { EventKind } from '../events/kinds.ts'
import type { Closure } from './closure.ts'
import type { PackageRow } from './package.ts'

/** Who asked for a package, in which role, and who signed it; a package without footage needs no signature. */
export interface PackagePeople {
  readonly madeBy: { readonly id: string; readonly name: string; readonly role: string }
  readonly signedBy: { readonly id: string; readonly name: string } | null
}

/**
 * The people of a package: the role in which it was asked for, and their names as the events that made their accounts say
 * them; only who has none there is called as his row says.
 */
export async function packagePeople(db: Db, row: PackageRow, { events }: Closure): Promise<PackagePeople> {
  const ids = [row.requested_by, ...(row.decided_by ? [row.decided_by] : [])]
  const names = accountNames(events.map(({ body }) => body))
  const people = await db.selectFrom('person').where('id', 'in', ids).select(['id', 'name']).execute()
  const asked = await packageEvents(db, row.id, ['package.requested']).select('body').executeTakeFirstOrThrow()
  const nameOf = (id: string) => names.get(id) ?? people.find((person) => person.id === id)?.name ?? id
  return {
    madeBy: { id: row.requested_by, name: nameOf(row.requested_by), role: checkBody(asked.body).actorRole },
    signedBy: row.decided_by ? { id: row.decided_by, name: nameOf(row.decided_by) } : null,
  }
}

/**
 * Id of the last event before a package is built: that it was asked for, or signed.
 *
 * @throws log_forked when there is none
 */
export async function lastActBeforeBuild(db: Db, packageId: string): Promise<string> {
  const act = await packageEvents(db, packageId, ['package.requested', 'package.signed'])
    .select('id')
    .orderBy('committed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!act) throw new Fault('log_forked', `no event asks for package ${packageId}: run \`custody fsck\``)
  return act.id
}

function packageEvents(db: Db, packageId: string, kinds: readonly EventKind[]) {
  return db
    .selectFrom('event')
    .where(sql<boolean>`subjects @> array[${`package:${packageId}`}]`)
    .where('kind', 'in', kinds)
}
