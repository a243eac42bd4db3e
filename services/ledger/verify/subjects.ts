import { isLoose, joinedSubjects, subjectsOfCase } from '../format/closure.ts'
import { linkTag, numbersBeyond, subjectSecretBytes, subjectText } from '../format/links.ts'
import { vrfVerify } from '../format/vrf.ts'
import type { CheckedEvents, ReadEvent, ShownEvent } from './events.ts'
import type { LedgerFinding } from './finding.ts'
import type { TreeWalk } from './tree-walk.ts'

/** A subject with its secret: `type:id`, VRF output and proof in hex. Null before its first event has a leaf. */
export interface DisclosedSubject {
  readonly subject: string
  readonly secret: string | null
  readonly proof: string | null
}

/** What is disclosed of a case. `caseNumber` comes from whoever asks, or from the package. */
export interface Disclosure<E extends ShownEvent = ShownEvent> {
  readonly caseNumber: string
  readonly subjects: readonly DisclosedSubject[]
  readonly events: readonly ReadEvent<E>[]
  /** Older events of the registers, which had no subjects of their own then: nothing shows that these are all. */
  readonly loose: readonly ReadEvent<E>[]
}

/** A subject whose secret is the log's, with its tags (hex) in the order of their numbers. */
export interface FollowedSubject {
  readonly subject: string
  readonly tags: readonly string[]
}

type Add = (code: LedgerFinding['code'], where: string, what: string) => void

/** True when this is the one secret that the log's VRF key gives for the subject. */
export function isSecretOf(
  vrfPublicKey: Uint8Array,
  { subject, secret, proof }: { readonly subject: string; readonly secret: Uint8Array; readonly proof: Uint8Array },
): boolean {
  const output = vrfVerify(vrfPublicKey, Buffer.from(subject, 'utf8'), proof)
  return secret.length === subjectSecretBytes && (output?.equals(secret) ?? false)
}

/** Checks that each subject is disclosed once and that its secret is the log's; these can be followed through the tree. */
export function checkSecrets(
  disclosed: readonly DisclosedSubject[],
  events: readonly ReadEvent[],
  vrfPublicKey: Uint8Array,
): { followed: FollowedSubject[]; findings: LedgerFinding[] } {
  const findings: LedgerFinding[] = []
  const followed: FollowedSubject[] = []
  const seen = new Set<string>()
  const counts = countsBySubject(events)
  for (const { subject, secret, proof } of disclosed) {
    if (seen.has(subject)) {
      findings.push({ code: 'subject_twice', where: subject, what: '' })
      continue
    }
    seen.add(subject)
    if (secret === null && proof === null) continue
    // A secret without its proof, or a proof without its secret, shows nothing: an empty one is never right.
    const given = { subject, secret: Buffer.from(secret ?? '', 'hex'), proof: Buffer.from(proof ?? '', 'hex') }
    if (!isSecretOf(vrfPublicKey, given)) {
      findings.push({ code: 'secret_differs', where: subject, what: '' })
      continue
    }
    const numbersMax = (counts.get(subject) ?? 0) + numbersBeyond
    const tags = Array.from({ length: numbersMax }, (_, at) => linkTag(given.secret, at + 1).toString('hex'))
    followed.push({ subject, tags })
  }
  return { followed, findings }
}

function countsBySubject(events: readonly ReadEvent[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { subjects } of events) {
    for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1)
  }
  return counts
}

/**
 * Checks that no event of a followed subject is missing, the last one included, that every subject of the case is disclosed,
 * and that nothing is shown of another case.
 */
export function checkSubjects(
  { caseNumber, subjects, events, loose }: Disclosure,
  followed: readonly FollowedSubject[],
  walk: TreeWalk,
  checked: CheckedEvents,
): LedgerFinding[] {
  const findings: LedgerFinding[] = []
  const add: Add = (code, where, what) => findings.push({ code, where, what })
  const indexes = indexesBySubject(checked)
  for (const one of followed) checkNumbers(one, indexes.get(one.subject) ?? new Set(), walk, add)
  for (const { code, where, what } of missingEvents(followed, indexes, walk, checked.damaged)) add(code, where, what)
  const believed = [...checked.proven.values(), ...events.filter(({ shown }) => shown.index === null)]
  addMissingSubjects({ caseNumber, subjects, events: believed }, checked, add)
  const own = subjectsOfCase(
    caseNumber,
    believed.flatMap(({ body }) => body ?? []),
  )
  const listed = new Set(subjects.map(({ subject }) => subject))
  for (const subject of listed) if (!own.has(subject)) add('subject_extra', subject, '')
  for (const event of checked.proven.values()) {
    if (!event.subjects.some((subject) => listed.has(subject))) add('event_extra', event.where, '')
  }
  for (const { body, where } of loose) {
    if (body && !isLoose(body, own, listed)) add('loose_extra', where, 'it is no older act of a register of the case')
  }
  return findings
}

function indexesBySubject({ proven }: CheckedEvents): Map<string, Set<number>> {
  const indexes = new Map<string, Set<number>>()
  for (const [index, { subjects }] of proven) {
    for (const subject of subjects) {
      const ofSubject = indexes.get(subject) ?? new Set()
      indexes.set(subject, ofSubject.add(index))
    }
  }
  return indexes
}

/** The numbers of a subject: each event shown has one, each is given once, none is skipped, and they ascend. */
function checkNumbers({ subject, tags }: FollowedSubject, shown: ReadonlySet<number>, walk: TreeWalk, add: Add): void {
  const places = tags.map((tag) => walk.tags.get(tag) ?? [])
  const tagged = new Set(places.flat())
  for (const index of shown) {
    if (!tagged.has(index)) add('link_missing', `leaf ${index}`, `no tag of ${subject}`)
  }
  let last = Number.NEGATIVE_INFINITY
  for (const [at, indexes] of places.entries()) {
    const number = at + 1
    // Whoever takes a number back to hide its event makes the log give it again.
    if (indexes.length > 1) add('number_twice', subject, `number ${number} at leaves ${indexes.join(', ')}`)
    const isAfterGap = indexes.length > 0 && at > 0 && places[at - 1]!.length === 0
    // A damaged leaf may have carried the number that is not found.
    if (isAfterGap && walk.damaged.size === 0) {
      add('number_missing', subject, `number ${number - 1}, while ${number} is at leaf ${indexes[0]}`)
    }
    const first = indexes.reduce((least, index) => Math.min(least, index), Number.POSITIVE_INFINITY)
    if (indexes.length > 0 && first <= last) {
      add('order_differs', subject, `number ${number} is at leaf ${first}, the one before it at leaf ${last}`)
    }
    last = indexes.length > 0 ? first : Number.NEGATIVE_INFINITY
  }
}

/** Names each leaf once, with all subjects that it was looked for under. */
function missingEvents(
  followed: readonly FollowedSubject[],
  indexes: ReadonlyMap<string, ReadonlySet<number>>,
  walk: TreeWalk,
  damaged: ReadonlySet<number>,
): LedgerFinding[] {
  const missing = new Map<number, { subjects: string[]; isLast: boolean }>()
  for (const { subject, tags } of followed) {
    const shown = indexes.get(subject) ?? new Set<number>()
    const lastShown = [...shown].reduce((last, index) => Math.max(last, index), -1)
    for (const index of new Set(tags.flatMap((tag) => walk.tags.get(tag) ?? []))) {
      if (shown.has(index) || damaged.has(index)) continue
      const known = missing.get(index) ?? { subjects: [], isLast: true }
      missing.set(index, { subjects: [...known.subjects, subject], isLast: known.isLast && index > lastShown })
    }
  }
  return [...missing]
    .sort(([a], [b]) => a - b)
    .map(([index, { subjects, isLast }]) => ({
      code: isLast ? 'last_event_missing' : 'event_missing',
      where: `leaf ${index}`,
      what: `an event about ${subjects.join(', ')}`,
    }))
}

/** Without a subject's secret nothing shows that none of its events is missing. */
function addMissingSubjects(
  { caseNumber, subjects, events }: Pick<Disclosure, 'caseNumber' | 'subjects' | 'events'>,
  { proven }: CheckedEvents,
  add: Add,
): void {
  const caseSubject = subjectText({ type: 'case', id: caseNumber })
  const named = new Map<string, string>()
  for (const { body, subjects: own, where } of proven.values()) {
    const due = [...(body ? joinedSubjects(body) : []), ...own.filter((subject) => subject === caseSubject)]
    for (const subject of due) if (!named.has(subject)) named.set(subject, where)
  }
  if (!events.some(({ subjects: own }) => own.includes(caseSubject)))
    add('subject_missing', caseSubject, 'no event names it')
  else if (!subjects.some(({ subject }) => subject === caseSubject)) named.set(caseSubject, 'the case itself')
  const disclosed = new Set(subjects.flatMap(({ subject, secret, proof }) => (secret || proof ? [subject] : [])))
  for (const [subject, by] of named) {
    if (!disclosed.has(subject)) add('subject_missing', subject, `named by ${by}, but its secret is not disclosed`)
  }
}
