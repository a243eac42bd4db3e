import type { ConfiguredPart, PartDeps, RunningPart } from './part.ts'
import { archivePart } from './parts/archive.ts'
import { checksumPart } from './parts/checksum.ts'
import { copyPart } from './parts/copy.ts'
import { expirePart } from './parts/expire.ts'
import { nightlyPart } from './parts/nightly.ts'
import { packagePart } from './parts/package.ts'
import { receiptPart } from './parts/receipt.ts'
import { reconcilePart } from './parts/reconcile.ts'
import { relayPart } from './parts/relay.ts'
import { storeAuditPart } from './parts/store-audit.ts'
import { timestampPart } from './parts/timestamp.ts'
import { transcodePart } from './parts/transcode.ts'
import { witnessPart } from './parts/witness.ts'

/**
 * Every part of the workers. Each runs in exactly one process of the local system and one service of docker-compose.yml:
 * the loops hold a lease, so a second process would only wait; the queues would take a second process, and so would
 * `store-audit`, but each store is told one address to report to. A test compares both places with this list.
 */
export const parts = [
  relayPart,
  checksumPart,
  copyPart,
  transcodePart,
  expirePart,
  archivePart,
  packagePart,
  witnessPart,
  timestampPart,
  receiptPart,
  storeAuditPart,
  reconcilePart,
  nightlyPart,
]
export type PartName = (typeof parts)[number]['name']

/** Starts the parts, one after another. */
export async function startParts(deps: PartDeps, configured: readonly ConfiguredPart[]): Promise<RunningPart[]> {
  const running: RunningPart[] = []
  for (const part of configured) {
    running.push(await part.start(deps))
    deps.log.info({ part: part.name }, 'started')
  }
  return running
}
