import { systemClock } from '../foundation/clock.ts'
import { openDatabase } from '../foundation/db/database.ts'
import { requireSchemaVersion } from '../foundation/db/migrate.ts'
import { createRegistry, observeRequests, startMetrics } from '../foundation/http/metrics.ts'
import { openLog } from '../foundation/log.ts'
import { onSignals } from '../foundation/shutdown.ts'
import { openMinioStore } from '../foundation/store/minio.ts'
import { buildIngest } from './app.ts'
import { readIngestConfig, settingsOf, tlsOf } from './config.ts'
import { startIngest } from './start.ts'

/** The process that takes in footage from docks. */
const config = readIngestConfig(process.env)
const log = openLog({ service: 'ingest', level: config.logLevel })
const db = openDatabase({
  url: config.databaseUrl.reveal(),
  applicationName: 'custody ingest',
  connectionsMax: config.databaseConnectionsMax,
  onConnectionError: (error) => log.warn({ err: error }, 'a connection to the database broke'),
})
const store = openMinioStore({ name: 'primary', ...config.primary, buckets: config.buckets, log })
await requireSchemaVersion(db)

const ingest = startIngest({ db, store, clock: systemClock, log, settings: settingsOf(config) })
const registry = createRegistry('ingest')
const server = await buildIngest(ingest, tlsOf(config))
observeRequests(server, registry)
const metrics = config.metrics && (await startMetrics({ listen: config.metrics, registry }))
const address = await server.listen(config.listen)
log.info({ address, metrics: metrics?.port ?? null }, 'ingest takes footage')

onSignals(log, [
  { name: 'requests', timeoutMs: 15_000, run: () => server.close() },
  { name: 'uploads', timeoutMs: 15_000, run: () => ingest.close() },
  { name: 'metrics', timeoutMs: 1_000, run: async () => metrics?.close() },
  { name: 'store', timeoutMs: 2_000, run: () => store.close() },
  { name: 'database', timeoutMs: 5_000, run: () => db.destroy() },
])
