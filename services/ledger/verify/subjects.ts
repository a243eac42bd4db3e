import { joinedSubjects } from '../format/closure.ts'
import { linkTag, numbersBeyond, subjectSecretBytes } from '../format/links.ts'
import { vrfVerify } from '../format/vrf.ts'
import type { ChainFinding, DisclosedEvent, DisclosedSubject, VerifiableChain } from './case.ts'
import type { EventsVerdict } from './events.ts'
import type { TreeWalk } from './tree-walk.ts'

/** The disclosed subjects' secrets; null for one that the log's VRF key does not give. */
export type Secrets = ReadonlyMap<string, Buffer | null>

/** Takes a subject's secret only when its VRF proof shows that this log's key gives no other. */
export function trueSecrets(chain: VerifiableChain, vrfPublicKey: Uint8Array): Secrets {
  return new Map(chain.subjects.map((disclosed) => [disclosed.subject, trueSecret(disclosed, vrfPublicKey)]))
}

/** The tags (hex) of the numbers that the disclosed subjects may have in the tree. */
export function tagsToLookFor(chain: VerifiableChain, secrets: Secrets): Set<string> {
  const tags = new Set<string>()
  for (const [subject, secret] of secrets) {
    if (!secret) continue
    const numbersMax = numbersToLookFor(chain, subject)
    for (let n = 1; n <= numbersMax; n++) tags.add(linkTag(secret, n).toString('hex'))
  }
  return tags
}

function numbersToLookFor(chain: VerifiableChain, subject: string): number {
  return chain.events.filter((event) => isAbout(event, subject)).length + numbersBeyond
}

function isAbout(event: Pick<DisclosedEvent, 'subjects'>, subject: string): boolean {
  return event.subjects.some(({ type, id }) => `${type}:${id}` === subject)
}

/**
 * Checks for each disclosed subject that its secret is the log's one and only, that every leaf with one of its tags is
 * shown, and that the leaf of every event shown carries its tag.
 */
export function checkSubjects(
  chain: VerifiableChain,
  secrets: Secrets,
  walk: TreeWalk,
  events: EventsVerdict,
): ChainFinding[] {
  const findings: ChainFinding[] = []
  const missing = new Map<number, string[]>()
  for (const disclosed of chain.subjects) {
    const secret = secrets.get(disclosed.subject)
    const shown = indexesOf(disclosed.subject, events)
    if (!secret) {
      findings.push(...secretFinding(disclosed, shown, chain))
      continue
    }
    const found = numbersInTree(secret, walk, numbersToLookFor(chain, disclosed.subject))
    for (const index of [...found.values()].flat()) {
      if (!shown.has(index) && !events.damaged.has(index)) {
        missing.set(index, [...(missing.get(index) ?? []), disclosed.subject])
      }
    }
    findings.push(...tagFindings(disclosed.subject, shown, found, events))
  }
  return [...findings, ...missingEvents(missing), ...undisclosed(chain, events), ...strangers(chain, events)]
}

function trueSecret(disclosed: DisclosedSubject, vrfPublicKey: Uint8Array): Buffer | null {
  if (disclosed.secret === null || disclosed.proof === null) return null
  const secret = Buffer.from(disclosed.secret, 'hex')
  const output = vrfVerify(vrfPublicKey, Buffer.from(disclosed.subject, 'utf8'), Buffer.from(disclosed.proof, 'hex'))
  return secret.length === subjectSecretBytes && output?.equals(secret) ? secret : null
}

/**
 * Without its secret nothing shows that none of a subject's events is missing. Only one that is named by nothing but
 * events which the checkpoint does not cover yet has none.
 */
function secretFinding(
  { subject, secret }: DisclosedSubject,
  shown: ReadonlySet<number>,
  chain: VerifiableChain,
): ChainFinding[] {
  if (secret !== null) {
    return [{ code: 'secret_differs', where: subject, what: 'its VRF proof does not hold under the given VRF key' }]
  }
  if (shown.size > 0) {
    return [{ code: 'secret_missing', where: subject, what: `${shown.size} events in the ledger are about it` }]
  }
  if (chain.events.some((event) => isAbout(event, subject))) return []
  return [
    { code: 'secret_missing', where: subject, what: 'no event of it is shown, and nothing shows that there is none' },
  ]
}

/** Number -> the leaves that carry it: one each in a sound log. */
function numbersInTree(secret: Buffer, walk: TreeWalk, numbersMax: number): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>()
  for (let n = 1; n <= numbersMax; n++) {
    const indexes = walk.tags.get(linkTag(secret, n).toString('hex'))
    if (indexes) found.set(n, indexes)
  }
  return found
}

function tagFindings(
  subject: string,
  shown: ReadonlySet<number>,
  found: ReadonlyMap<number, readonly number[]>,
  events: EventsVerdict,
): ChainFinding[] {
  const tagged = new Set([...found.values()].flat())
  const untagged = [...shown].filter((index) => !tagged.has(index))
  if (untagged.length > 0) {
    return untagged.map((index) => ({
      code: 'link_missing',
      where: `event ${events.proven.get(index)?.id ?? index}`,
      what: `leaf ${index} does not carry the tag of ${subject}`,
    }))
  }
  // Whoever takes a number back to hide its event makes the log give it again.
  const twice = [...found].filter(([, indexes]) => indexes.length > 1)
  if (twice.length > 0) {
    return twice.map(([n, indexes]) => ({
      code: 'number_twice',
      where: subject,
      what: `its number ${n} stands in the leaves ${indexes.join(', ')}`,
    }))
  }
  const numbers = [...found.keys()]
  const skipped = numbers.findIndex((n, place) => n !== place + 1)
  // A leaf that is damaged may have carried the number that is not found.
  if (skipped >= 0 && events.damaged.size === 0) {
    return [{ code: 'number_missing', where: subject, what: `its number ${skipped + 1} is nowhere in the tree` }]
  }
  const places = [...found.values()].flat()
  if (places.some((index, place) => place > 0 && index <= places[place - 1]!)) {
    return [{ code: 'order_differs', where: subject, what: 'its numbers do not ascend with the leaves' }]
  }
  return []
}

function missingEvents(missing: ReadonlyMap<number, readonly string[]>): ChainFinding[] {
  return [...missing]
    .sort(([a], [b]) => a - b)
    .map(([index, subjects]) => ({
      code: 'event_missing',
      where: `leaf ${index}`,
      what: `an event about ${subjects.join(', ')} is not shown`,
    }))
}

function undisclosed(chain: VerifiableChain, events: EventsVerdict): ChainFinding[] {
  const disclosed = new Set(chain.subjects.map(({ subject }) => subject))
  const named = new Map<string, string>([[`case:${chain.case.number}`, 'the case itself']])
  for (const body of events.proven.values()) {
    for (const subject of joinedSubjects(body)) named.set(subject, `event ${body.id}`)
  }
  return [...named]
    .filter(([subject]) => !disclosed.has(subject))
    .map(([subject, by]) => ({ code: 'subject_missing', where: subject, what: `named by ${by}, but not disclosed` }))
}

function strangers(chain: VerifiableChain, events: EventsVerdict): ChainFinding[] {
  const disclosed = new Set(chain.subjects.map(({ subject }) => subject))
  return [...events.proven.values()]
    .filter((body) => !body.subjects.some(({ type, id }) => disclosed.has(`${type}:${id}`)))
    .map((body) => ({ code: 'event_extra', where: `event ${body.id}`, what: 'it is about none of the subjects' }))
}

function indexesOf(subject: string, events: EventsVerdict): Set<number> {
  const indexes = new Set<number>()
  for (const [index, body] of events.proven) {
    if (isAbout(body, subject)) indexes.add(index)
  }
  return indexes
}
