import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { bodyOrNull } from '../../ledger/format/entry.ts'
import { eventOf, type KnownEvent } from '../events/read.ts'
import { type ActOfTwo, kindsOfTwo, matterOf, putUpsOf } from '../signing/put-up.ts'
import type { Report } from './finding.ts'

/**
 * Looks at every act that rests on a third signature: that an event added this one under this very matter, and that an
 * auditor has confirmed it in time. What time it is says the newest event.
 */
export async function checkThirdSignatures(db: Db, report: Report): Promise<void> {
  const rows = await db
    .selectFrom('event')
    .where('kind', 'in', kindsOfTwo)
    .where(sql<boolean>`position('"third":{' in body) > 0`)
    .select(['id', 'body'])
    .orderBy('id')
    .execute()
  if (rows.length === 0) return
  const newest = await db.selectFrom('event').select('at').orderBy('at', 'desc').limit(1).executeTakeFirst()
  for (const { id, body: text } of rows) {
    const body = bodyOrNull(text)
    const act = body && eventOf(body, ...kindsOfTwo)
    if (!act?.details.third) continue
    const problem = await differenceOf(db, act, act.details.third)
    if (problem) report.error('signatures.third_differs', `event ${id}`, problem)
    else await checkConfirmed(db, report, { id, thirdId: act.details.third.id, now: newest?.at ?? new Date(0) })
  }
}

type Third = NonNullable<KnownEvent<ActOfTwo>['details']['third']>

async function differenceOf(db: Db, act: KnownEvent<ActOfTwo>, third: Third): Promise<string | null> {
  const [added] = await aboutThird(db, third.id, 'signature.third_added')
  if (!added) return `no event added the third signature ${third.id}, on which it rests`
  const matter = matterOf(act.kind, act)
  const putUps = matter ? await putUpsOf(db, act.kind, matter) : []
  const { name, office, scanSha256 } = added.details.paper
  if (!putUps.some(({ id }) => id === added.details.matterId)) {
    return `the third signature ${third.id} stands under another matter: ${added.details.matterId}`
  }
  const isSame = name === third.name && office === third.office && scanSha256 === third.scanSha256
  return isSame ? null : `the third signature ${third.id} is another's, or another sheet, than its event says`
}

async function checkConfirmed(db: Db, report: Report, act: { id: string; thirdId: string; now: Date }): Promise<void> {
  const decided = await aboutThird(db, act.thirdId, 'signature.third_confirmed', 'signature.third_refused')
  const [added] = await aboutThird(db, act.thirdId, 'signature.third_added')
  const by = added?.details.confirmBy ?? ''
  const right = decided.find(({ kind }) => kind === 'signature.third_confirmed')
  if (right && Date.parse(right.at) <= Date.parse(by)) return
  const refused = decided.find(({ kind }) => kind === 'signature.third_refused')
  if (!refused && Date.parse(by) > act.now.getTime()) return
  const late = right ? `was confirmed ${right.at}` : 'was not'
  const why = refused ? 'was refused by an auditor' : `was to be confirmed by ${by}, and ${late}`
  report.notice('signatures.third_unconfirmed', `event ${act.id}`, `the third signature that it rests on ${why}`)
}

async function aboutThird<
  Kind extends 'signature.third_added' | 'signature.third_confirmed' | 'signature.third_refused',
>(db: Db, thirdId: string, ...kinds: readonly Kind[]): Promise<KnownEvent<Kind>[]> {
  const rows = await db
    .selectFrom('event')
    .where('kind', 'in', kinds)
    .where(sql<boolean>`subjects @> array[${`third_signature:${thirdId}`}]`)
    .select('body')
    .orderBy('id')
    .execute()
  return rows.flatMap(({ body: text }) => {
    const body = bodyOrNull(text)
    return (body && eventOf(body, ...kinds)) ?? []
  })
}
