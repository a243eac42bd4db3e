import { hash } from 'node:crypto'
import { isJsonObject, type JsonValue } from './canonical.ts'
import type { EventBody } from './entry.ts'
import { isSamePerson } from './one-person.ts'

/** How the event that a person signs is tied to the one that put the matter up for signature: DESIGN.md §6, "Statements". */
export interface SignedMatter {
  readonly putUpBy: readonly string[]
  /** Both events name the same first subject of this type. */
  readonly subject: string
  /** A member of both events' details that says which matter of the subject it is. */
  readonly member: string | null
  /** What the statement calls the thing that is signed; the subject's own text when absent. */
  readonly object?: string
  /** Whether another person signs than who put the matter up. */
  readonly byAnother: boolean
}

const keeperChange = {
  putUpBy: ['device.keeper_asked'],
  subject: 'device',
  member: 'changeId',
  byAnother: true,
} as const
const requestedPackage = { putUpBy: ['package.requested'], subject: 'package', member: null, byAnother: true } as const
const suppliedFilm = {
  putUpBy: ['rendition.supply_proposed'],
  subject: 'recording',
  member: 'supplyId',
  byAnother: true,
} as const
const addedThird = {
  putUpBy: ['signature.third_added'],
  subject: 'third_signature',
  member: null,
  byAnother: true,
} as const
const namedDeputy = {
  putUpBy: ['deputyship.named'],
  subject: 'account',
  member: 'deputyshipId',
  byAnother: true,
} as const

/** The kinds of event whose statement is about the body of another event. */
export const signedMatters = {
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
  'package.signed': requestedPackage,
  'package.refused': requestedPackage,
  'quarantine.resolved': {
    putUpBy: ['quarantine.proposed'],
    subject: 'recording',
    member: 'proposalId',
    byAnother: true,
  },
  'clearing.given_up': {
    putUpBy: ['clearing.giving_up_asked'],
    subject: 'hand_in',
    member: 'givingUpId',
    byAnother: true,
  },
  'rendition.supplied': suppliedFilm,
  'rendition.supply_refused': suppliedFilm,
  'deputyship.signed': namedDeputy,
  'deputyship.refused': namedDeputy,
  'spare.confirmed': { putUpBy: ['spare.sealed'], subject: 'account', member: 'spareId', byAnother: true },
  'spare.opened': { putUpBy: ['spare.opening_asked'], subject: 'account', member: 'spareId', byAnother: true },
  'signature.third_confirmed': addedThird,
  'signature.third_refused': addedThird,
} as const satisfies Readonly<Record<string, SignedMatter>>

/** What one puts up and another does without a statement. */
const unsignedMatters: Readonly<Record<string, SignedMatter>> = {
  'person.disabled': { putUpBy: ['person.shut_asked'], subject: 'account', member: null, byAnother: true },
}

/** An event with the text of its body as it was committed. */
export interface CommittedBody {
  readonly text: string
  readonly body: EventBody
}

/**
 * What is wrong with what a person signed or did as the second of two, by DESIGN.md §6, "Statements"; empty when nothing is, and
 * for an event of another kind that has no statement.
 *
 * @param shown the events among which the one is looked for that put the matter up
 */
export function statementFaults({ body }: CommittedBody, shown: readonly CommittedBody[]): string[] {
  const { statement } = body.details
  if (statement === undefined) return unsignedFaults(body, shown)
  if (!isStatement(statement)) return ['it is not {act, askedAt, object, objectSha256, person, role, v: 1}']
  const { objectSha256, ...said } = statement
  const wrong = (expected: Readonly<Record<string, JsonValue>>) =>
    Object.entries(expected)
      .filter(([member, value]) => said[member] !== value)
      .map(([member, value]) => `${member} is ${said[member]}, the event says ${value}`)
  const faults = wrong({ act: body.kind, person: body.actor, role: body.actorRole })
  const matter = matterOf(body.kind)
  const putUps = matter ? shown.filter((one) => isPutUp(matter, body, one.body)) : []
  const { list } = body.details
  if (list !== undefined && isJsonObject(list)) {
    const isOfList = typeof list.sha256 === 'string' && objectSha256 === list.sha256
    const isNamed = typeof list.id === 'string' && said.object === `list:${list.id}`
    return [
      ...faults,
      ...(isOfList && isNamed ? [] : ['it is not about the list that the event names']),
      ...(matter ? putUpFaults(matter, body, putUps) : []),
    ]
  }
  if (!matter) return faults
  const signed = putUps.filter(({ text }) => hash('sha256', text) === objectSha256)
  return [
    ...faults,
    ...wrong({ object: matter.object ?? `${matter.subject}:${firstOf(matter.subject, body)}` }),
    ...(putUps.length > 0 && signed.length === 0
      ? ['objectSha256 is not the digest of an event that put the object up']
      : putUpFaults(matter, body, signed)),
  ]
}

function unsignedFaults(body: EventBody, shown: readonly CommittedBody[]): string[] {
  const matter = matterOf(body.kind)
  if (matter) {
    const putUps = shown.filter((one) => isPutUp(matter, body, one.body))
    return ['it has no statement of what was signed', ...putUpFaults(matter, body, putUps)]
  }
  // What one person may do alone names no matter.
  const unsigned = typeof body.details.shuttingId === 'string' ? ownOf(unsignedMatters, body.kind) : null
  if (!unsigned) return []
  return putUpFaults(
    unsigned,
    body,
    shown.filter((one) => isPutUp(unsigned, body, one.body)),
  )
}

/** Whether `putUp` put the matter up that an act of two decides on; false for acts of other kinds. */
export function isPutUpFor(act: EventBody, putUp: EventBody): boolean {
  const matter = matterOf(act.kind) ?? ownOf(unsignedMatters, act.kind)
  return matter !== null && isPutUp(matter, act, putUp)
}

function matterOf(kind: string): SignedMatter | null {
  return ownOf(signedMatters, kind)
}

function ownOf(matters: Readonly<Record<string, SignedMatter>>, kind: string): SignedMatter | null {
  return Object.hasOwn(matters, kind) ? matters[kind]! : null
}

/** That somebody put the matter up, and another person than who signed it. */
function putUpFaults({ byAnother }: SignedMatter, signed: EventBody, putUps: readonly CommittedBody[]): string[] {
  if (putUps.length === 0) return ['no event puts its object up for signature']
  const isByAnother = putUps.some(({ body }) => !isSamePerson(signed, body))
  return isByAnother || !byAnother ? [] : ['whoever signed it had put it up himself']
}

function isPutUp({ putUpBy, subject, member }: SignedMatter, signed: EventBody, body: EventBody): boolean {
  const id = firstOf(subject, signed)
  if (!putUpBy.includes(body.kind) || id === null || firstOf(subject, body) !== id) return false
  // Of the openings and shuttings of one account, the one that was decided on is named by its event.
  const { openingId, shuttingId } = signed.details
  if ([openingId, shuttingId].some((named) => typeof named === 'string' && named !== body.id)) return false
  if (member === null) return true
  const value = signed.details[member]
  return typeof value === 'string' && body.details[member] === value
}

function firstOf(type: string, { subjects }: EventBody): string | null {
  return subjects.find((subject) => subject.type === type)?.id ?? null
}

function isStatement(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  if (!isJsonObject(value)) return false
  const texts = ['act', 'askedAt', 'object', 'objectSha256', 'person', 'role']
  return (
    Object.keys(value).length === texts.length + 1 &&
    value.v === 1 &&
    texts.every((member) => typeof value[member] === 'string') &&
    /^[0-9a-f]{64}$/.test(value.objectSha256 as string)
  )
}
