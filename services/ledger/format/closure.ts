import { isJsonObject, type JsonValue } from './canonical.ts'
import type { EventBody } from './entry.ts'
import { subjectText } from './links.ts'

/** As much of an event as says what belongs to a case. */
export type Joining = Pick<EventBody, 'subjects' | 'actor' | 'actorRole' | 'onBehalfOf' | 'details'>

/** The types of subject that belong to a case wherever an event of the case names them. */
const footageTypes: readonly string[] = ['recording', 'upload', 'viewing']

/** Whose register an event of the case joins by naming him or it: the register's acts are about nothing else. */
const registerTypes: Readonly<Record<string, string>> = {
  person: 'account',
  device: 'device-register',
  dock: 'dock-register',
  hand_in: 'hand-in-list',
}
const allRegisterTypes: readonly string[] = [...Object.values(registerTypes), 'custodianship']

/** Older acts of these registers have kinds that begin with the type by which they name the register. */
const looseTypes: readonly string[] = ['person', 'device', 'dock']
/** Roles in which no person acts. */
const withoutAccount: readonly string[] = ['service', 'dock', 'nobody']

/** The register (`type:id`) of a person, device, dock or hand-in; null for anything else. */
export function registerOf({ type, id }: { readonly type: string; readonly id: string }): string | null {
  return id !== '' && Object.hasOwn(registerTypes, type) ? subjectText({ type: registerTypes[type]!, id }) : null
}

/** The subject (`type:id`) that older acts of a register name in its place; null where there was none. */
export function namedBefore(register: string): string | null {
  const colon = register.indexOf(':')
  const type = Object.keys(registerTypes).find((one) => registerTypes[one] === register.slice(0, colon))
  return type === undefined ? null : `${type}${register.slice(colon)}`
}

/**
 * The registers (`type:id`) of these subjects, each once, and the custodian's office where a person is among them. Some have no
 * event at all: a device can be used that nobody has registered, and older acts name no register. Their secrets are proven
 * all the same, for only they show that there is none.
 *
 * @param subjects `type:id`
 */
export function registersToProve(subjects: readonly string[]): string[] {
  const registers = subjects.flatMap((one) => {
    const colon = one.indexOf(':')
    return registerOf({ type: one.slice(0, colon), id: one.slice(colon + 1) }) ?? []
  })
  const office = subjects.some((one) => one.startsWith('person:')) ? ['custodianship:bureau'] : []
  return [...new Set([...registers, ...office])]
}

/** The subjects (`type:id`) that belong to a case when an event of it has this body: the table of DESIGN.md §6, "Subjects". */
export function joinedSubjects(body: Joining): string[] {
  const { subjects, actor, actorRole, onBehalfOf, details } = body
  const isOwn = ({ type }: { type: string }) => footageTypes.includes(type) || allRegisterTypes.includes(type)
  const people = [
    ...(withoutAccount.includes(actorRole) ? [] : [actor]),
    onBehalfOf,
    ...textsIn(details.officerIds),
    ...textsIn(details.participantIds),
    details.sameSeat !== undefined && isJsonObject(details.sameSeat) ? details.sameSeat.with : undefined,
  ]
  return [
    ...subjects.filter(isOwn).map(subjectText),
    ...subjects.flatMap((subject) => registerOf(subject) ?? []),
    ...people.flatMap((id) => (typeof id === 'string' && id !== '' ? [subjectText({ type: 'account', id })] : [])),
    ...(actorRole === 'dock' ? [subjectText({ type: 'dock-register', id: actor })] : []),
    ...(actorRole === 'custodian' ? ['custodianship:bureau'] : []),
  ]
}

function textsIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

/**
 * The subjects (`type:id`) that belong to a case, DESIGN.md §6: the case itself, and every one that is joined by an event
 * which names another subject that belongs to it. A package discloses exactly these, with all events that name one of them.
 *
 * @param bodies events in any order; those that lead to no subject of the case are passed over
 */
export function subjectsOfCase(caseNumber: string, bodies: Iterable<Joining>): Set<string> {
  const bodiesBySubject = new Map<string, Joining[]>()
  for (const body of bodies) {
    for (const subject of new Set(body.subjects.map(subjectText))) {
      const named = bodiesBySubject.get(subject) ?? []
      bodiesBySubject.set(subject, named)
      named.push(body)
    }
  }
  const own = new Set([subjectText({ type: 'case', id: caseNumber })])
  // A set is walked through to what is added on the way.
  for (const subject of own) {
    for (const body of bodiesBySubject.get(subject) ?? []) for (const joined of joinedSubjects(body)) own.add(joined)
  }
  return own
}

/**
 * The registers (`type:id`) that an act is one of which was written before registers had subjects of their own; not those of
 * everything that it names.
 */
function registersOfOlder({ kind, subjects }: Pick<EventBody, 'kind' | 'subjects'>): string[] {
  if (kind.startsWith('custodian.')) return ['custodianship:bureau']
  const type = kind === 'hand_in.opened' ? 'hand_in' : looseTypes.find((one) => kind.startsWith(`${one}.`))
  return subjects.flatMap((one) => (one.type === type ? (registerOf(one) ?? []) : []))
}

/**
 * Whether an event is a loose one of the case, DESIGN.md §6: an older act of one of its registers, which names none.
 *
 * @param own subjects that belong to the case
 * @param disclosed subjects whose events are all disclosed
 */
export function isLoose(
  body: Pick<EventBody, 'kind' | 'subjects'>,
  own: ReadonlySet<string>,
  disclosed: ReadonlySet<string>,
): boolean {
  return (
    !body.subjects.some((one) => allRegisterTypes.includes(one.type) || disclosed.has(subjectText(one))) &&
    registersOfOlder(body).some((register) => own.has(register))
  )
}
