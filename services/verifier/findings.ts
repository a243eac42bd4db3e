import { type Code, codesInOrder } from './codes.ts'

export interface PackageFinding {
  readonly code: Code
  /** A path, `leaf 17`, an event, or a subject: the same in all languages. */
  readonly where: string
  /** For experts, in English; empty when there is nothing more to say. */
  readonly detail: string
}

/** Findings as they come: all are counted, and the first of each code are kept. */
export interface Findings {
  add(code: Code, where: string, detail?: string): void
  has(code: Code): boolean
  /** In the order of the codes, at most `keptMax` of each. */
  list(): PackageFinding[]
  counts(): Partial<Record<Code, number>>
}

/** A hostile package may have a million faults of a kind; nobody reads more than these. */
export const keptMax = 100

export function collectFindings(): Findings {
  const kept = new Map<Code, PackageFinding[]>()
  const counts = new Map<Code, number>()
  return {
    add: (code, where, detail = '') => {
      counts.set(code, (counts.get(code) ?? 0) + 1)
      const list = kept.get(code) ?? []
      kept.set(code, list)
      if (list.length < keptMax) list.push({ code, where, detail })
    },
    has: (code) => counts.has(code),
    list: () => codesInOrder.flatMap((code) => kept.get(code) ?? []),
    counts: () =>
      Object.fromEntries(codesInOrder.filter((code) => counts.has(code)).map((code) => [code, counts.get(code)])),
  }
}
