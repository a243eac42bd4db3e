import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import { type SignedMatter, signedMatters } from '../../ledger/format/statement.ts'
import type { EventKind } from '../events/kinds.ts'
import type { SubjectType } from '../events/subjects.ts'
import { type Name, nameOf } from './one-person.ts'

interface SignedAct extends SignedMatter {
  readonly putUpBy: readonly EventKind[]
  readonly subject: SubjectType
}

const proposedSetting = {
  putUpBy: ['setting.proposed'],
  subject: 'setting',
  member: 'versionId',
  byAnother: true,
} as const

/**
 * Every act that a person signs with a statement: those that packages disclose; settings and passes for docks, which are of no
 * case.
 */
export const signedActs = {
  ...signedMatters,
  'setting.changed': proposedSetting,
  'setting.refused': proposedSetting,
  'dock_pass.released': { putUpBy: ['dock_pass.given'], subject: 'person', member: 'passId', byAnother: true },
} as const satisfies { readonly [Kind in EventKind]?: SignedAct }

export type SignedKind = keyof typeof signedActs
export const signedKinds = Object.keys(signedActs) as SignedKind[]

/** Every act of two, also those that the second person does without a statement. */
const actsOfTwo = {
  ...signedActs,
  'person.disabled': { putUpBy: ['person.shut_asked'], subject: 'account', member: null, byAnother: true },
} as const satisfies { readonly [Kind in EventKind]?: SignedAct }
export type ActOfTwo = keyof typeof actsOfTwo
export const kindsOfTwo = Object.keys(actsOfTwo) as ActOfTwo[]

/** The event that put a matter up for signature, with its canonical body as it was committed. */
export interface PutUp {
  readonly id: string
  readonly text: string
  readonly body: EventBody
}

/** What an act is about: the id of the subject and, where the act has such a member, which of its matters. */
export interface Matter {
  readonly subjectId: string
  readonly memberValue: string | null
}

/** Whether the event with this body put the matter up for signature. */
export function isPutUpOf(kind: ActOfTwo, matter: Matter, body: EventBody): boolean {
  const act: SignedAct = actsOfTwo[kind]
  return (
    act.putUpBy.some((one) => one === body.kind) &&
    body.subjects.some(({ type, id }) => type === act.subject && id === matter.subjectId) &&
    (act.member === null || body.details[act.member] === matter.memberValue)
  )
}

/** The events that can have put this matter up, the newest first; one, unless somebody tampered with the database. */
export async function putUpsOf(db: Db, kind: ActOfTwo, matter: Matter): Promise<PutUp[]> {
  const act: SignedAct = actsOfTwo[kind]
  const { rows } = await sql<{ id: string; body: string }>`
    select id, body from event
    where subjects @> array[${subjectOf(kind, matter)}] and kind = any(${[...act.putUpBy]}::text[])
    order by committed_at desc, id desc`.execute(db)
  return rows.flatMap(({ id, body: text }) => {
    const body = bodyOrNull(text)
    return body && isPutUpOf(kind, matter, body) ? [{ id, text, body }] : []
  })
}

/**
 * The event that put this matter up for signature.
 *
 * @throws log_forked when it is gone: nobody can sign what no event asks for
 */
export async function requirePutUp(db: Db, kind: ActOfTwo, matter: Matter): Promise<PutUp> {
  const [newest] = await putUpsOf(db, kind, matter)
  if (newest) return newest
  const act: SignedAct = actsOfTwo[kind]
  const what = matter.memberValue ?? matter.subjectId
  throw new Fault('log_forked', `no ${act.putUpBy.join(' or ')} puts ${what} up for signature: run \`custody fsck\``)
}

/** The subject that a matter and what is signed of it have in common, as events name it. */
export function subjectOf(kind: ActOfTwo, { subjectId }: Matter): string {
  return `${actsOfTwo[kind].subject}:${subjectId}`
}

/** How the statement of this act names the thing that is signed. */
export function objectOf(kind: SignedKind, matter: Matter): string {
  const act: SignedAct = signedActs[kind]
  return act.object ?? `${act.subject}:${matter.subjectId}`
}

/** The matter that a stored event of this kind, or one that puts it up, is about; null when the event does not say. */
export function matterOf(kind: ActOfTwo, body: EventBody): Matter | null {
  const act: SignedAct = actsOfTwo[kind]
  const subjectId = body.subjects.find(({ type }) => type === act.subject)?.id
  if (subjectId === undefined) return null
  if (act.member === null) return { subjectId, memberValue: null }
  const value = body.details[act.member]
  return typeof value === 'string' ? { subjectId, memberValue: value } : null
}

/** Who put a matter up, and who has signed it since, each once; of deputies also in whose place. */
export async function namesUnder(db: Db, kind: ActOfTwo, putUp: PutUp): Promise<Name[]> {
  return [nameOf(putUp.body), ...(await eventsSince(db, kind, putUp, [kind])).map(nameOf)]
}

/** The events of these kinds about a matter since it was put up, the first first. */
export async function eventsSince(
  db: Db,
  kind: ActOfTwo,
  putUp: PutUp,
  kinds: readonly EventKind[],
): Promise<EventBody[]> {
  const act: SignedAct = actsOfTwo[kind]
  const matter = matterOf(kind, putUp.body)
  if (!matter) return []
  const { rows } = await sql<{ body: string }>`
    select body from event
    where subjects @> array[${`${act.subject}:${matter.subjectId}`}] and kind = any(${[...kinds]}::text[])
      and committed_at >= (select committed_at from event where id = ${putUp.id})
    order by committed_at, id`.execute(db)
  return rows.flatMap(({ body: text }) => {
    const body = bodyOrNull(text)
    return body && (act.member === null || body.details[act.member] === matter.memberValue) ? [body] : []
  })
}
