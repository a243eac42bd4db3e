import { systemClock } from '../foundation/clock.ts'
import { openDatabase } from '../foundation/db/database.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { createRegistry, observeRequests, startMetrics } from '../foundation/http/metrics.ts'
import { openLog } from '../foundation/log.ts'
import { onSignals } from '../foundation/shutdown.ts'
import { closeStores, openStores } from '../foundation/store/open.ts'
import { logKeysOfSetting } from '../ledger/format/log-keys.ts'
import { requirePolicyOf } from '../ledger/witness/policy-setting.ts'
import { buildAccess } from './app.ts'
import { readAccessConfig, tlsOf } from './config.ts'
import { defaultAskAgainMs } from './long-answer.ts'
import { accessReadiness } from './readiness.ts'

const config = readAccessConfig(process.env)
requirePolicyOf(config.ledger.origin, config.ledger.policy)
if (config.ledger.verifierKey) logKeysOfSetting(config.ledger.verifierKey, config.ledger.origin)
const log = openLog({ service: 'access', level: config.logLevel })
const db = openDatabase({
  url: config.databaseUrl.reveal(),
  applicationName: 'access',
  connectionsMax: config.databaseConnectionsMax,
  onConnectionError: (error) => log.warn({ err: error }, 'a database connection broke'),
})
await requireSchemaVersion(db)
const stores = openStores(config.stores, log)
const ready = () => accessReadiness(db, systemClock, stores.primary)
const settings = {
  origin: config.origin,
  signIn: config.session,
  requestsPerMinuteMax: config.requestsPerMinuteMax,
  signInsPerMinuteMax: config.signInsPerMinuteMax,
  tls: tlsOf(config),
  ledger: config.ledger,
  dockPassKey: config.dockPassKey?.reveal() ?? null,
  witnessAgeMsMax: config.witnessAgeMsMax,
  askAgainMs: defaultAskAgainMs,
}
const registry = createRegistry('access')
const server = await buildAccess({ db, stores, clock: systemClock, log, settings }, ready, (built) =>
  observeRequests(built, registry),
)
const metrics = config.metrics && (await startMetrics({ listen: config.metrics, registry, ready }))

onSignals(log, [
  { name: 'stop taking requests', timeoutMs: 15_000, run: () => server.close() },
  { name: 'metrics', timeoutMs: 2_000, run: async () => metrics?.close() },
  { name: 'stores', timeoutMs: 2_000, run: () => closeStores(stores) },
  { name: 'database', timeoutMs: 5_000, run: () => db.destroy() },
])
await server.listen(config.listen)
log.info({ address: server.server.address() }, 'access listens')
