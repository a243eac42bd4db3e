import { dockDigestFaults } from '../ledger/verify/dock-digests.ts'
import { handInFaults } from '../ledger/verify/hand-ins.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import type { Findings } from './findings.ts'
import type { PackageFiles } from './package-files.ts'

/** Stage 6: the docks' lists, as far as they are of this case, and the digests that docks signed, by the disclosed events. */
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
  for (const { where, what } of dockDigestFaults(handIns, named, events, loose)) {
    findings.add('dock_digest_unsigned', where, what)
  }
}
