import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import { type ListedAct, type ListedKind, listedKinds, listText, textDigest } from '../events/signed-list.ts'
import { type Matter, matterOf, objectOf, type PutUp, putUpsOf } from '../signing/put-up.ts'
import type { Report } from './finding.ts'

type Listed = KnownEvent<ListedKind>

/**
 * Checks each list that was signed once: all its acts are there, one to a place; the statement is the signer's, about this
 * list; and its digest is that of the list as the acts, and the proposals that they decided, tell it.
 *
 * @param ids of the lists to check; null for all
 */
export async function checkSignedLists(db: Db, ids: readonly string[] | null, report: Report): Promise<void> {
  if (ids?.length === 0) return
  // As canonical bodies hold them: `id` is the first of a list's members.
  const named = ids === null ? ['"list":{'] : ids.map((id) => `"list":{"id":${JSON.stringify(id)},`)
  const rows = await db
    .selectFrom('event')
    .where('kind', 'in', listedKinds)
    .where(
      sql<boolean>`exists (select from unnest(${named}::text[]) as one (text) where position(one.text in body) > 0)`,
    )
    .select('body')
    .orderBy('id')
    .execute()
  const lists = new Map<string, Listed[]>()
  for (const { body } of rows) {
    const known = bodyOrNull(body)
    const event = known && eventOf(known, ...listedKinds)
    const list = event?.details.list
    if (event && list) lists.set(list.id, [...(lists.get(list.id) ?? []), event])
  }
  for (const [id, acts] of lists) {
    for (const problem of await problemsOf(db, id, acts)) report.error('signatures.list_differs', `list ${id}`, problem)
  }
}

async function problemsOf(db: Db, id: string, acts: readonly Listed[]): Promise<string[]> {
  const ordered = [...acts].sort((a, b) => a.details.list!.place - b.details.list!.place)
  const { of, sha256 } = ordered[0]!.details.list!
  const isWhole = ordered.length === of && ordered.every(({ details }, at) => details.list!.place === at + 1)
  if (!isWhole) return [`${ordered.length} of its ${of} acts are there, or one has another's place`]
  const problems = ordered.flatMap((act) => wrongStatement(act, id, sha256))
  const items: ListedAct[] = []
  for (const act of ordered) {
    const matter = matterOf(act.kind, act)
    const object = matter ? objectOf(act.kind, matter) : `${act.kind} of nothing`
    const putUp = matter && (await putUpOf(db, act, matter))
    if (!putUp) return [...problems, `no event put up what was decided about ${object}`]
    // Only quarantine is turned down in lists; the other acts say nothing of it.
    const confirmed = 'confirmed' in act.details ? act.details.confirmed : true
    items.push({ object, putUpSha256: textDigest(putUp.text), confirmed })
  }
  const computed = textDigest(listText({ id, act: ordered[0]!.kind, items }))
  return computed === sha256 ? problems : [...problems, `its digest is ${computed}, the acts name ${sha256}`]
}

function wrongStatement(act: Listed, id: string, sha256: string): string[] {
  const { list, statement } = act.details
  const isRight =
    statement !== undefined &&
    list!.sha256 === sha256 &&
    statement.act === act.kind &&
    statement.object === `list:${id}` &&
    statement.objectSha256 === sha256 &&
    statement.person === act.actor &&
    statement.role === act.actorRole
  return isRight ? [] : [`the statement at place ${list!.place} is not its signer's, or not about this list`]
}

/** What put the matter up; of an account that was reset more than once the opening that was released. */
async function putUpOf(db: Db, act: Listed, matter: Matter): Promise<PutUp | undefined> {
  const putUps = await putUpsOf(db, act.kind, matter)
  return putUps.find(({ id }) => !('openingId' in act.details) || act.details.openingId === id)
}
