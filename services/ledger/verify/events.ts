import { hash } from 'node:crypto'
import { isFault } from '../../foundation/errors.ts'
import { checkBody, type EventBody, parseLeafData } from '../format/entry.ts'
import { subjectText } from '../format/links.ts'
import { malformed } from '../format/strict.ts'
import type { LedgerCode, LedgerFinding } from './finding.ts'
import { type CommittedEvent, commitmentOrNull, type TreeWalk } from './tree-walk.ts'

/** What is shown of an event. */
export interface ShownEvent extends CommittedEvent {
  /** SHA-256 of the body in hex, where it is given besides: it tells a changed body from a changed salt. */
  readonly bodySha256?: string
}

/** A shown event with its body, as far as that can be read. */
export interface ReadEvent<E extends ShownEvent = ShownEvent> {
  readonly shown: E
  /** Null when the text is no event of DESIGN.md §1; `problem` says why. */
  readonly body: EventBody | null
  readonly problem: string
  /** `type:id`, each once. */
  readonly subjects: readonly string[]
  /** What findings call it. */
  readonly where: string
}

/** What is known about events after each was compared with its leaf. */
export interface CheckedEvents<E extends ShownEvent = ShownEvent> {
  readonly findings: readonly LedgerFinding[]
  /** The leaf of each event that the ledger committed, which need not be the one that it claims. */
  readonly proven: ReadonlyMap<number, ReadEvent<E>>
  /** The same of the loose events. */
  readonly provenLoose: ReadonlyMap<number, ReadEvent<E>>
  /** Leaves that something was found about already, so that their event is not missing besides. */
  readonly damaged: ReadonlySet<number>
}

/** Reads the bodies; what is wrong with them is found later, against the ledger. */
export function readEvents<E extends ShownEvent>(
  events: readonly E[],
  nameOf: (event: E, body: EventBody | null) => string,
): ReadEvent<E>[] {
  return events.map((shown) => {
    const read = readBody(shown.body)
    const body = typeof read === 'string' ? null : read
    return {
      shown,
      body,
      problem: typeof read === 'string' ? read : '',
      subjects: [...new Set(body?.subjects.map(subjectText))],
      where: nameOf(shown, body),
    }
  })
}

/** Compares each event, and each loose one, with its leaf: order within its list, body and salt, index. */
export function checkEvents<E extends ShownEvent>(
  { events, loose }: { readonly events: readonly ReadEvent<E>[]; readonly loose: readonly ReadEvent<E>[] },
  walk: TreeWalk,
): CheckedEvents<E> {
  const seen = new Set<number>()
  const placed = placeAll(events, seen, walk)
  const placedLoose = placeAll(loose, seen, walk)
  return {
    findings: [...placed.findings, ...placedLoose.findings],
    proven: placed.proven,
    provenLoose: placedLoose.proven,
    damaged: placed.damaged,
  }
}

/** @param seen leaves that were claimed already: those of this list are added */
function placeAll<E extends ShownEvent>(events: readonly ReadEvent<E>[], seen: Set<number>, walk: TreeWalk) {
  const findings: LedgerFinding[] = []
  const proven = new Map<number, ReadEvent<E>>()
  const damaged = new Set(walk.damaged)
  let last = -1
  for (const event of events) {
    const { index } = event.shown
    if (index === null) continue
    const add = (code: LedgerCode, what = '') => findings.push({ code, where: event.where, what })
    if (seen.has(index)) add('event_twice')
    seen.add(index)
    if (index < last) add('order_differs', `it is listed after leaf ${last}`)
    last = index
    // What is wrong with a damaged leaf is said already.
    if (walk.damaged.has(index)) continue
    const place = placeOf(event.shown, index, walk)
    if (typeof place === 'string') {
      add(place)
      damaged.add(index)
      continue
    }
    if (place !== index) add('index_differs', `it is leaf ${place}`)
    if (event.body === null) {
      add('body_malformed', event.problem)
      damaged.add(place)
    } else if (!proven.has(place)) proven.set(place, event)
  }
  return { findings, proven, damaged }
}

/** The leaf that committed the event: the claimed one, or another. */
function placeOf(event: ShownEvent, index: number, walk: TreeWalk): number | 'body_differs' | 'salt_differs' {
  const { body, bodySha256 } = event
  if (bodySha256 !== undefined && hash('sha256', body) !== bodySha256) return 'body_differs'
  const commitment = commitmentOrNull(event)
  const claimed = walk.leaves.get(index)
  if (claimed && parseLeafData(claimed).commitment === commitment) return index
  const place = commitment === null ? undefined : walk.commitments.get(commitment)
  // Without a digest of the body nobody can say which of the two was changed.
  return place ?? (bodySha256 === undefined ? 'body_differs' : 'salt_differs')
}

/** The body as an event of DESIGN.md §1, or what is wrong with it. */
function readBody(text: string): EventBody | string {
  try {
    const body = checkBody(text)
    if (body.id === undefined) throw malformed('an event body has an id')
    return body
  } catch (error) {
    if (isFault(error, 'malformed')) return error.message
    throw error
  }
}
