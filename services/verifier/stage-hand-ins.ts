import { handInFaults } from '../ledger/verify/hand-ins.ts'
import type { Findings } from './findings.ts'
import type { PackageFiles } from './package-files.ts'
import type { PlacedBody } from './placed-body.ts'

/** Stage 6, `hand_in_differs`: the docks' lists, as far as they are of this case, by the disclosed events. */
export function checkHandIns(
  { handIns, subjects }: PackageFiles,
  events: readonly PlacedBody[],
  findings: Findings,
): void {
  const named = subjects.map(({ subject }) => subject)
  for (const { handInId, what } of handInFaults(handIns, named, events)) {
    findings.add('hand_in_differs', `hand-in ${handInId}`, what)
  }
}
