import { joinedSubjects, subjectsOfCase } from '../ledger/format/closure.ts'
import { linkTag, numbersBeyond } from '../ledger/format/links.ts'
import { vrfVerify } from '../ledger/format/vrf.ts'
import type { TreeWalk } from '../ledger/verify/tree-walk.ts'
import type { Findings } from './findings.ts'
import type { PackageFiles, SubjectLine } from './package-files.ts'
import type { ShownEvent } from './stage-events.ts'

/** A disclosed subject with its true secret, its events, and its tags (hex) in the order of their numbers. */
export interface Followed {
  readonly subject: string
  readonly shown: ReadonlySet<number>
  readonly tags: readonly string[]
}

/** Stage 4: each subject once, and its secret the one that the trusted VRF key gives. */
export function checkSecrets(
  lines: readonly SubjectLine[],
  events: readonly ShownEvent[],
  vrfPublicKey: Uint8Array,
): { followed: Followed[]; faults: { code: 'subject_twice' | 'secret_differs'; subject: string }[] } {
  const faults: { code: 'subject_twice' | 'secret_differs'; subject: string }[] = []
  const indexes = indexesBySubject(events)
  const followed: Followed[] = []
  const seen = new Set<string>()
  for (const { subject, secret, proof } of lines) {
    if (seen.has(subject)) {
      faults.push({ code: 'subject_twice', subject })
      continue
    }
    seen.add(subject)
    const given = Buffer.from(secret, 'hex')
    const output = vrfVerify(vrfPublicKey, Buffer.from(subject, 'utf8'), Buffer.from(proof, 'hex'))
    if (!output?.equals(given)) {
      faults.push({ code: 'secret_differs', subject })
      continue
    }
    const shown = indexes.get(subject) ?? []
    const numbersMax = shown.length + numbersBeyond
    const tags = Array.from({ length: numbersMax }, (_, at) => linkTag(given, at + 1).toString('hex'))
    followed.push({ subject, shown: new Set(shown), tags })
  }
  return { followed, faults }
}

export function tagsOf(followed: readonly Followed[]): Set<string> {
  return new Set(followed.flatMap(({ tags }) => tags))
}

/** Stage 5, second half: no event of a disclosed subject is missing, and nothing is of another case. */
export function checkSubjects(
  files: PackageFiles,
  followed: readonly Followed[],
  events: readonly ShownEvent[],
  walk: TreeWalk,
  findings: Findings,
): void {
  for (const one of followed) checkNumbers(one, walk, findings)
  const disclosed = new Set(files.subjects.map(({ subject }) => subject))
  checkDisclosed(`case:${files.claims.caseNumber}`, events, disclosed, findings)
  const own = subjectsOfCase(
    files.claims.caseNumber,
    events.flatMap(({ body }) => body ?? []),
  )
  for (const subject of disclosed) {
    if (!own.has(subject)) findings.add('subject_extra', subject)
  }
  for (const { body, subjects, where } of events) {
    if (body && !subjects.some((subject) => disclosed.has(subject))) findings.add('event_extra', where)
  }
}

function checkNumbers({ subject, shown, tags }: Followed, walk: TreeWalk, findings: Findings): void {
  const places = tags.map((tag) => walk.tags.get(tag) ?? [])
  const tagged = new Set(places.flat())
  for (const index of shown) {
    if (!tagged.has(index)) findings.add('link_missing', `leaf ${index}`, `no tag of ${subject}`)
  }
  let last = Number.NEGATIVE_INFINITY
  for (const [at, indexes] of places.entries()) {
    const number = at + 1
    if (indexes.length > 1) findings.add('number_twice', subject, `number ${number} at leaves ${indexes.join(', ')}`)
    if (indexes.length > 0 && at > 0 && places[at - 1]!.length === 0) {
      findings.add('number_missing', subject, `number ${number - 1}, while ${number} is at leaf ${indexes[0]}`)
    }
    const first = indexes.reduce((least, index) => Math.min(least, index), Number.POSITIVE_INFINITY)
    if (indexes.length > 0 && first <= last) {
      findings.add('order_differs', subject, `number ${number} is at leaf ${first}, the one before it at leaf ${last}`)
    }
    last = indexes.length > 0 ? first : Number.NEGATIVE_INFINITY
  }
  const lastShown = [...shown].reduce((last, index) => Math.max(last, index), -1)
  for (const index of [...tagged].sort((a, b) => a - b)) {
    if (shown.has(index)) continue
    findings.add(
      index < lastShown ? 'event_missing' : 'last_event_missing',
      `leaf ${index}`,
      `an event about ${subject}`,
    )
  }
}

function checkDisclosed(
  caseSubject: string,
  events: readonly ShownEvent[],
  disclosed: ReadonlySet<string>,
  findings: Findings,
): void {
  const named = new Map([[caseSubject, 'package.json']])
  for (const { body, where } of events) {
    for (const subject of body ? joinedSubjects(body) : []) {
      if (!named.has(subject)) named.set(subject, where)
    }
  }
  if (!events.some(({ subjects }) => subjects.includes(caseSubject))) {
    findings.add('subject_missing', caseSubject, 'no event names it')
  }
  for (const [subject, by] of named) {
    if (!disclosed.has(subject)) findings.add('subject_missing', subject, `named by ${by}`)
  }
}

function indexesBySubject(events: readonly ShownEvent[]): Map<string, number[]> {
  const indexes = new Map<string, number[]>()
  for (const { line, subjects } of events) {
    for (const subject of subjects) {
      const list = indexes.get(subject) ?? []
      list.push(line.index)
      indexes.set(subject, list)
    }
  }
  return indexes
}
