import { sql } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import { bodyOrNull, type EventBody } from '../../ledger/format/entry.ts'
import type { EventKind } from '../events/kinds.ts'
import type { SubjectType } from '../events/subjects.ts'
import { type Name, nameOf } from './one-person.ts'

/** How an event that a person signs is tied to the event that put the matter up for signature. */
interface SignedAct {
  readonly putUpBy: readonly EventKind[]
  /** Both events name the same subject of this type; of several the first. */
  readonly subject: SubjectType
  /** A member of both events' details that says which matter it is, where a subject can have several. */
  readonly member: string | null
  /** What the statement calls the thing that is signed; the subject's own text when absent. */
  readonly object?: string
  /** Whether the signer must be another person, of another office, than whoever put it up. */
  readonly byAnother: boolean
}

const supply = {
  putUpBy: ['rendition.supply_proposed'],
  subject: 'recording',
  member: 'supplyId',
  byAnother: true,
} as const

const proposedSetting = {
  putUpBy: ['setting.proposed'],
  subject: 'setting',
  member: 'versionId',
  byAnother: true,
} as const

const namedDeputy = {
  putUpBy: ['deputyship.named'],
  subject: 'account',
  member: 'deputyshipId',
  byAnother: true,
} as const

const requestedPackage = { putUpBy: ['package.requested'], subject: 'package', member: null, byAnother: true } as const

const keeperChange = {
  putUpBy: ['device.keeper_asked'],
  subject: 'device',
  member: 'changeId',
  byAnother: true,
} as const

const addedThird = {
  putUpBy: ['signature.third_added'],
  subject: 'third_signature',
  member: null,
  byAnother: true,
} as const

/** Every act that a person signs with a statement. */
export const signedActs = {
  'custodian.handover_signed': {
    putUpBy: ['custodian.handover_proposed'],
    subject: 'person',
    member: 'handoverId',
    object: 'custodianship:bureau',
    byAnother: false,
  },
  'device.keeper_changed': keeperChange,
  'device.keeper_refused': keeperChange,
  'dock.released': { putUpBy: ['dock.registered'], subject: 'dock', member: null, byAnother: true },
  'person.released': {
    putUpBy: ['person.created', 'person.password_reset'],
    subject: 'account',
    member: null,
    byAnother: true,
  },
  'signature.third_confirmed': addedThird,
  'signature.third_refused': addedThird,
  'spare.confirmed': { putUpBy: ['spare.sealed'], subject: 'account', member: 'spareId', byAnother: true },
  'spare.opened': { putUpBy: ['spare.opening_asked'], subject: 'account', member: 'spareId', byAnother: true },
  'package.signed': requestedPackage,
  'package.refused': requestedPackage,
  'quarantine.resolved': {
    putUpBy: ['quarantine.proposed'],
    subject: 'recording',
    member: 'proposalId',
    byAnother: true,
  },
  'rendition.supplied': supply,
  'rendition.supply_refused': supply,
  'setting.changed': proposedSetting,
  'setting.refused': proposedSetting,
  'deputyship.signed': namedDeputy,
  'deputyship.refused': namedDeputy,
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
    where subjects @> array[${`${act.subject}:${matter.subjectId}`}] and kind = any(${[...act.putUpBy]}::text[])
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
  const matter = matterOf(kind, putUp.body)
  if (!matter) return [nameOf(putUp.body)]
  const { rows } = await sql<{ body: string }>`
    select body from event
    where subjects @> array[${`${actsOfTwo[kind].subject}:${matter.subjectId}`}] and kind = ${kind}
      and committed_at >= (select committed_at from event where id = ${putUp.id})
    order by committed_at, id`.execute(db)
  const signed = rows.flatMap(({ body: text }) => {
    const body = bodyOrNull(text)
    return body && matterOf(kind, body)?.memberValue === matter.memberValue ? [nameOf(body)] : []
  })
  return [nameOf(putUp.body), ...signed]
}
