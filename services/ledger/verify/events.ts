import { isFault } from '../../foundation/errors.ts'
import { canonicalText } from '../format/canonical.ts'
import { checkBody, commitmentOf, type EventBody, leafHash } from '../format/entry.ts'
import type { ChainFault, ChainFinding, DisclosedEvent, VerifiableChain } from './case.ts'
import type { TreeWalk } from './tree-walk.ts'

/** What is known of a chain's events after each was held against its leaf. */
export interface EventsVerdict {
  readonly findings: readonly ChainFinding[]
  /** Where each event really stands, with its committed body: only events whose body the ledger committed. */
  readonly proven: ReadonlyMap<number, EventBody>
  readonly provenIds: readonly string[]
  /** Leaves whose event is shown, but not as it was committed. */
  readonly damaged: ReadonlySet<number>
  readonly uncovered: readonly string[]
}

/** Holds every event against its leaf: body and salt, index, leaf hash, the fields it is shown with, and the order. */
export function checkEvents(chain: VerifiableChain, treeSize: number, walk: TreeWalk): EventsVerdict {
  const findings: ChainFinding[] = []
  const proven = new Map<number, EventBody>()
  const provenIds: string[] = []
  const damaged = new Set<number>(walk.damaged)
  const uncovered: string[] = []
  const seen = new Set<number>()
  let last = -1
  for (const event of chain.events) {
    const add = (code: ChainFault, what: string) => findings.push({ code, where: `event ${event.id}`, what })
    if (event.index === null || event.index >= treeSize) {
      uncovered.push(event.id)
      continue
    }
    if (seen.has(event.index)) {
      add('event_twice', `leaf ${event.index} is shown twice`)
      continue
    }
    seen.add(event.index)
    if (event.index < last) add('order_differs', `it stands after leaf ${last} but is leaf ${event.index}`)
    last = Math.max(last, event.index)
    // What is wrong with this leaf is said already.
    if (walk.damaged.has(event.index)) continue
    const place = placeOf(event, walk)
    if (place === null) {
      damaged.add(event.index)
      add('body_differs', `body or salt are not what leaf ${event.index} committed`)
      continue
    }
    if (place !== event.index) add('index_differs', `it is shown as leaf ${event.index}, but it is leaf ${place}`)
    else checkLeafHash(event, walk, add)
    const body = readBody(event.body, add)
    if (!body) continue
    proven.set(place, body)
    provenIds.push(event.id)
    checkFields(event, body, add)
  }
  return { findings, proven, provenIds, damaged, uncovered }
}

/** What of an event its leaf commits to, and where that leaf is said to stand. */
export type CommittedEvent = Pick<DisclosedEvent, 'index' | 'body' | 'salt'>

/** SHA-256(salt || body) in hex, null for what can have no commitment. */
export function commitmentOrNull(event: CommittedEvent): string | null {
  try {
    return commitmentOf(Buffer.from(event.salt, 'hex'), event.body).toString('hex')
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}

function placeOf(event: DisclosedEvent, walk: TreeWalk): number | null {
  const commitment = commitmentOrNull(event)
  return commitment === null ? null : (walk.commitments.get(commitment) ?? null)
}

function checkLeafHash(event: DisclosedEvent, walk: TreeWalk, add: (code: ChainFault, what: string) => void): void {
  const data = walk.leaves.get(event.index!)
  if (data && leafHash(data).toString('hex') !== event.leafHash) {
    add('leaf_hash_differs', `leaf ${event.index} has the hash ${leafHash(data).toString('hex')}`)
  }
}

function readBody(text: string, add: (code: ChainFault, what: string) => void): EventBody | null {
  try {
    return checkBody(text)
  } catch (error) {
    if (!isFault(error, 'malformed')) throw error
    add('body_malformed', error.message)
    return null
  }
}

function checkFields(event: DisclosedEvent, body: EventBody, add: (code: ChainFault, what: string) => void): void {
  const wrong: string[] = []
  if (body.id !== event.id) wrong.push('id')
  if (body.kind !== event.kind) wrong.push('kind')
  if (body.at !== event.at) wrong.push('at')
  if (body.actor !== event.actor) wrong.push('actor')
  if (body.actorRole !== event.actorRole) wrong.push('actorRole')
  if (canonicalText(body.subjects) !== canonicalText(event.subjects)) wrong.push('subjects')
  if (canonicalText(body.details) !== canonicalText(event.details)) wrong.push('details')
  if (wrong.length > 0) add('fields_differ', `not as in the committed body: ${wrong.join(', ')}`)
}
