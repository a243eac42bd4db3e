import type { HandInLine } from '../format/hand-in-list.ts'

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
