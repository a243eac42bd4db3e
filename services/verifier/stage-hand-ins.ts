import { handInFaults } from '../ledger/verify/hand-ins.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import type { Findings } from './findings.ts'
import type { PackageFiles } from './package-files.ts'

/** Stage 6, `hand_in_differs`: the docks' lists, as far as they are of this case, by the disclosed events. */
export function checkHandIns(
  { handIns, subjects }: PackageFiles,
  events: readonly PlacedBody[],
  loose: readonly PlacedBody[],
  findings: Findings,
): void {
  const named = subjects.map(({ subject }) => subject)
  for (const { where, what } of handInFaults(handIns, named, events, loose)) {
    findings.add('hand_in_differs', where, what)
  }
}
