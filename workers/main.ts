import { sql } from 'kysely'
import { systemClock } from '../services/foundation/clock.ts'
import { openDatabase } from '../services/foundation/db/database.ts'
import { requireSchemaVersion } from '../services/foundation/db/migrate.ts'
import { createRegistry, startMetrics } from '../services/foundation/http/metrics.ts'
import { openLog } from '../services/foundation/log.ts'
import { onSignals } from '../services/foundation/shutdown.ts'
import { closeStores, openStores } from '../services/foundation/store/open.ts'
import { readWorkersConfig } from './config.ts'
import { observeArchive, observeJobs } from './metrics.ts'
import { startParts } from './parts.ts'
import { observeWitnesses } from './witness-metrics.ts'

/** The process that does the work after the seal: `main.ts relay checksum copy expire`, `main.ts transcode`, or all. */
const config = readWorkersConfig(process.argv.slice(2), process.env)
const log = openLog({ service: 'workers', level: config.logLevel })
const db = openDatabase({
  url: config.databaseUrl.reveal(),
  applicationName: `custody workers ${[...config.parts].join(' ')}`,
  connectionsMax: 10,
  onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
})
await requireSchemaVersion(db)
const stores = openStores(config.stores, log)
const parts = await startParts({ db, stores, config, log })

const registry = createRegistry('workers')
observeJobs(db, registry)
if (config.archive) observeArchive(db, registry)
if (config.witness?.policy) observeWitnesses({ db, policy: config.witness.policy, clock: systemClock }, registry)
const metrics = config.metrics && (await startMetrics({ listen: config.metrics, registry, ready, warnings }))
log.info({ parts: [...config.parts], metrics: metrics?.port ?? null }, 'workers started')

async function ready(): Promise<Record<string, string>> {
  const waiting: Record<string, string> = Object.assign({}, ...parts.map((part) => part.ready()))
  await sql`select 1`.execute(db).catch(() => {
    waiting.database = 'the database cannot be reached'
  })
  return waiting
}

async function warnings(): Promise<Record<string, string>> {
  return Object.assign({}, ...(await Promise.all(parts.map((part) => part.warnings?.() ?? {}))))
}

onSignals(log, [
  // Jobs under way are put back; what they had begun is taken up or abandoned by their next run.
  { name: 'parts', timeoutMs: 30_000, run: () => Promise.all(parts.map((part) => part.close())) },
  { name: 'metrics', timeoutMs: 1_000, run: async () => metrics?.close() },
  { name: 'stores', timeoutMs: 2_000, run: () => closeStores(stores) },
  { name: 'database', timeoutMs: 5_000, run: () => db.destroy() },
])
