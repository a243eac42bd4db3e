import type { Db } from '../../foundation/db/database.ts'
import type { Stores } from '../../foundation/store/store.ts'
import { parseLogKeys } from '../../ledger/format/log-keys.ts'
import { type Finding, openReport } from './finding.ts'
import { checkJobs } from './jobs.ts'
import { checkOnce } from './once.ts'
import { checkRows } from './rows.ts'
import { checkSignatures } from './signatures.ts'
import { checkSignedLists } from './signed-lists.ts'
import { inSnapshot } from './snapshot.ts'
import { checkStores, type ObjectShare } from './stores.ts'
import { checkThirdSignatures } from './third-signatures.ts'
import { checkTree } from './tree.ts'

export type { Finding } from './finding.ts'
export type { ObjectShare } from './stores.ts'

export interface FsckDeps {
  readonly db: Db
  /** Null leaves the stores out. */
  readonly stores: Stores | null
  /** The log's verifier keys as `parseLogKeys` reads them, from outside the database. */
  readonly verifierKey: string
  /** 32 bytes in hex. Without it secrets are held only against the leaves. */
  readonly vrfPublicKey?: string | null
  /** Reads and hashes every stored byte, or one part of all objects; without it version, size and lock are looked at. */
  readonly objects?: boolean | ObjectShare
  readonly onProgress?: (what: string) => void
  /** Ends the check with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Holds events, ledger, rows and stores against each other and names what does not fit; an empty answer means that
 * everything agrees. Changes nothing, needs little memory however large the records are, and may run beside the services.
 *
 * @throws malformed for keys that cannot be read; database_down. A store that is away is a finding.
 */
export async function fsck(deps: FsckDeps): Promise<Finding[]> {
  const report = openReport()
  const trust = {
    log: parseLogKeys(deps.verifierKey),
    vrfPublicKey: deps.vrfPublicKey ? Buffer.from(deps.vrfPublicKey, 'hex') : null,
  }
  deps.onProgress?.('ledger')
  await inSnapshot(deps.db, (snapshot) => checkTree(snapshot, trust, report, deps.signal))
  await checkRows(deps.db, report, deps)
  await checkOnce(deps.db, report)
  await checkSignatures(deps.db, report, deps)
  await checkSignedLists(deps.db, null, report)
  await checkThirdSignatures(deps.db, report)
  if (deps.stores) {
    const options = { ...deps, objects: deps.objects ?? false }
    await checkStores({ db: deps.db, stores: deps.stores, log: trust.log }, options, report)
  }
  await checkJobs(deps.db, report)
  return report.findings()
}
