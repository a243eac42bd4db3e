import { randomUUID } from 'node:crypto'
import { systemClock } from '../services/foundation/clock.ts'
import { readConfig } from '../services/foundation/config.ts'
import { openDatabase } from '../services/foundation/db/database.ts'
import { withLeaseLoop } from '../services/foundation/db/lease.ts'
import { requireSchemaVersion } from '../services/foundation/db/migrate.ts'
import { openNotices } from '../services/foundation/db/notices.ts'
import { isFault } from '../services/foundation/errors.ts'
import { createRegistry, startMetrics } from '../services/foundation/http/metrics.ts'
import { openLog } from '../services/foundation/log.ts'
import { onSignals } from '../services/foundation/shutdown.ts'
import { closeStores, openStores } from '../services/foundation/store/open.ts'
import { requireKeySetFits } from '../services/ledger/guard/key-sets.ts'
import { memoriesOf } from '../services/ledger/guard/memories.ts'
import { openStartGuard } from '../services/ledger/guard/start-guard.ts'
import { openHeadFile } from '../services/ledger/log/head.ts'
import { keysOfLog, parseLedgerKeys } from '../services/ledger/log/secret-keys.ts'
import { runSequencer } from '../services/ledger/log/sequencer.ts'
import { requirePolicyOf } from '../services/ledger/witness/policy-setting.ts'
import { sequencerShape } from './sequencer-config.ts'
import { observeLedger } from './sequencer-metrics.ts'

/** The process that gives events their place and signs the tree: it alone holds the log's keys. */
const config = readConfig(process.env, sequencerShape)
requirePolicyOf(config.origin, config.policy)
const log = openLog({ service: 'sequencer', level: config.logLevel })
const keys = parseLedgerKeys({
  origin: config.origin,
  signingKey: config.signingKey.reveal(),
  mlDsaKey: config.mlDsaKey?.reveal() ?? null,
  vrfKey: config.vrfKey.reveal(),
})
const server = { url: config.databaseUrl.reveal(), applicationName: 'custody sequencer' }
const db = openDatabase({
  ...server,
  connectionsMax: 4,
  onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
})
await requireSchemaVersion(db)
const notices = openNotices({ ...server, log })

const stopper = new AbortController()
const stores = openStores(config.stores, log)
const trusted = keysOfLog(keys, config.verifierKey)
await requireKeySetFits(db, trusted)
const memories = memoriesOf({ db, stores, clock: systemClock, log, keys: trusted }, config.policy)
const head = openHeadFile(config.headFile, config.origin)
const guard = openStartGuard({ db, head, memories, log })
const registry = createRegistry('sequencer')
const { ready } = observeLedger(db, { names: memories.map(({ name }) => name), unanswered: guard.unanswered }, registry)
const metrics = config.metrics && (await startMetrics({ listen: config.metrics, registry, ready }))

const loop = withLeaseLoop(
  { db, name: 'sequence', holder: randomUUID(), clock: systemClock, log, signal: stopper.signal },
  async (signal) => {
    try {
      await guard.run(signal, (held) => runSequencer({ db, notices, ...keys, head, clock: systemClock, log }, held))
    } catch (error) {
      // A fork or a database that may forget: no retry mends it, and nothing may be signed until a person has looked.
      if (!isFault(error, 'log_forked') && !isFault(error, 'bad_config')) throw error
      log.fatal({ err: error }, 'the sequencer refuses to sign')
      process.exitCode = 1
      void end('refused to sign')
    }
  },
)
log.info({ origin: config.origin }, 'sequencer started')

const end = onSignals(log, [
  {
    name: 'sequencer',
    timeoutMs: 10_000,
    run: () => {
      stopper.abort()
      return loop
    },
  },
  { name: 'metrics', timeoutMs: 1_000, run: async () => metrics?.close() },
  { name: 'stores', timeoutMs: 2_000, run: () => closeStores(stores) },
  { name: 'database', timeoutMs: 5_000, run: () => Promise.all([notices.close(), db.destroy()]) },
])
