import type { EventBody } from '../format/entry.ts'
import type { HandInLine } from '../format/hand-in-list.ts'
import { idsOf } from './placed-body.ts'

/** A line of a dock's list that is shown: salt and path in hex. */
export interface ShownLine {
  readonly line: HandInLine
  /** RFC 6962 §2.1.1, from the leaf's sibling up. */
  readonly path: readonly string[]
  readonly salt: string
}

/** Of a hand-in, the lines of the files of this case. */
export interface ShownHandIn {
  readonly handInId: string
  readonly lines: readonly ShownLine[]
}

export interface HandInFault {
  /** A hand-in, or a recording. */
  readonly where: string
  readonly what: string
}

const listType = 'hand-in-list:'

/**
 * Ids of the hand-ins whose list is disclosed with an event: the opening of an older one names no list, and the list's secret
 * shows that it has none.
 *
 * @param subjects the disclosed ones, `type:id`
 */
export function openedHandIns(subjects: readonly string[], bodies: readonly EventBody[]): Set<string> {
  const named = new Set(bodies.flatMap((body) => idsOf('hand-in-list', body)))
  const disclosed = subjects.flatMap((one) => (one.startsWith(listType) ? [one.slice(listType.length)] : []))
  return new Set(disclosed.filter((id) => named.has(id)))
}
