// The process whose memory `ledger/fsck` measures: argv is the verifier key and the VRF public key.

import { fsck } from '../../../services/custody/fsck/fsck.ts'
import { openDatabase } from '../../../services/foundation/db/database.ts'

const [verifierKey, vrfPublicKey] = process.argv.slice(2)
const db = openDatabase({
  url: process.env.DATABASE_URL!,
  applicationName: 'bench',
  connectionsMax: 4,
  statementTimeoutMs: 30 * 60_000,
  onConnectionError: () => undefined,
})
const begun = performance.now()
const findings = await fsck({ db, stores: null, verifierKey: verifierKey!, vrfPublicKey })
const errors = findings
  .filter(({ severity }) => severity === 'error')
  .map(({ check, subject }) => `${check} ${subject}`)
const mebibytes = process.resourceUsage().maxRSS / 1024
process.send!({ seconds: (performance.now() - begun) / 1000, mebibytes, errors }, () => process.disconnect())
await db.destroy()
