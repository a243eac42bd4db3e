import type { FsckCheck } from '../events/fsck-checks.ts'

/** Something that does not fit. `check` is a dotted code of one kind of fault; `subject` says where, `problem` what. */
export interface Finding {
  readonly check: FsckCheck
  readonly severity: 'error' | 'notice'
  readonly subject: string
  readonly problem: string
}

/** Collects findings, and what must not be held against rows because its events do not hold themselves. */
export interface Report {
  error(check: FsckCheck, subject: string, problem: string): void
  notice(check: FsckCheck, subject: string, problem: string): void
  /** Events of this subject (`type:id`) are damaged: what they say of rows counts for nothing. */
  distrust(subject: string): void
  isDistrusted(subject: string): boolean
  findings(): Finding[]
}

/** A wrecked database must not fill the memory of whoever checks it: of each kind this many are named, the rest counted. */
const findingsOfOneKindMax = 1000
/** A store may name any number of versions: of a longer problem the beginning is kept, for it goes into an event. */
const problemCharsMax = 2000

/** An empty report. */
export function openReport(): Report {
  const findings: Finding[] = []
  const counts = new Map<FsckCheck, { severity: Finding['severity']; count: number }>()
  const distrusted = new Set<string>()
  const add = (severity: Finding['severity']) => (check: FsckCheck, subject: string, problem: string) => {
    const count = (counts.get(check)?.count ?? 0) + 1
    counts.set(check, { severity, count })
    if (count <= findingsOfOneKindMax) findings.push({ check, severity, subject, problem: inShort(problem) })
  }
  return {
    error: add('error'),
    notice: add('notice'),
    distrust: (subject) => distrusted.add(subject),
    isDistrusted: (subject) => distrusted.has(subject),
    findings: () => [...findings, ...uncounted(counts)],
  }
}

function inShort(problem: string): string {
  const more = problem.length - problemCharsMax
  return more <= 0 ? problem : `${problem.slice(0, problemCharsMax).toWellFormed()} … and ${more} more characters`
}

function uncounted(counts: ReadonlyMap<FsckCheck, { severity: Finding['severity']; count: number }>): Finding[] {
  return [...counts]
    .filter(([, { count }]) => count > findingsOfOneKindMax)
    .map(([check, { severity, count }]) => ({
      check,
      severity,
      subject: 'all',
      problem: `${count - findingsOfOneKindMax} more of this kind`,
    }))
}
