import { systemClock } from '../services/foundation/clock.ts'
import { openDatabase, requireAnswer } from '../services/foundation/db/database.ts'
import { requireNearClock } from '../services/foundation/db/event-time.ts'
import { requireSchemaVersion } from '../services/foundation/db/migrate.ts'
import { openNotices } from '../services/foundation/db/notices.ts'
import { createRegistry, startMetrics } from '../services/foundation/http/metrics.ts'
import { whatIsMissing } from '../services/foundation/http/readiness.ts'
import { openLog } from '../services/foundation/log.ts'
import { onSignals } from '../services/foundation/shutdown.ts'
import { closeStores, openStores } from '../services/foundation/store/open.ts'
import { readWorkersConfig } from './config.ts'
import { observeJobs } from './metrics.ts'
import { startParts } from './parts.ts'

/** The process that does the work after the seal: `main.ts relay checksum copy expire`, `main.ts transcode`, or all. */
const { shared: config, parts: configured } = readWorkersConfig(process.argv.slice(2), process.env)
const names = configured.map(({ name }) => name)
const log = openLog({ service: 'workers', level: config.logLevel })
const server = { url: config.databaseUrl.reveal(), applicationName: `custody workers ${names.join(' ')}` }
const db = openDatabase({
  ...server,
  connectionsMax: 10,
  onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
})
await requireSchemaVersion(db)
const notices = openNotices({ ...server, log })
const stores = openStores(config.stores, log)
const registry = createRegistry('workers')
observeJobs(db, registry)
const parts = await startParts({ db, notices, clock: systemClock, log, stores, config, registry }, configured)
const metrics = config.metrics && (await startMetrics({ listen: config.metrics, registry, ready, warnings }))
log.info({ parts: names, metrics: metrics?.port ?? null }, 'workers started')

async function ready(): Promise<Record<string, string>> {
  const waiting: Record<string, string> = Object.assign({}, ...parts.map((part) => part.ready()))
  const missing = await whatIsMissing({ database: requireAnswer(db), clock: requireNearClock(db, systemClock) })
  return { ...waiting, ...missing }
}

async function warnings(): Promise<Record<string, string>> {
  return Object.assign({}, ...(await Promise.all(parts.map((part) => part.warnings?.() ?? {}))))
}

onSignals(log, [
  // Jobs under way are put back; what they had begun is taken up or abandoned by their next run.
  { name: 'parts', timeoutMs: 30_000, run: () => Promise.all(parts.map((part) => part.close())) },
  { name: 'metrics', timeoutMs: 1_000, run: async () => metrics?.close() },
  { name: 'stores', timeoutMs: 2_000, run: () => closeStores(stores) },
  { name: 'database', timeoutMs: 5_000, run: () => Promise.all([notices.close(), db.destroy()]) },
])
