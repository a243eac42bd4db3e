import { requireAnswer } from '../foundation/db/database.ts'
import { requireNearClock } from '../foundation/db/event-time.ts'
import { whatIsMissing } from '../foundation/http/readiness.ts'
import { buildServer, type Server } from '../foundation/http/server.ts'
import { authenticateDock, recordRoleRefusal } from './authenticate.ts'
import { clearingRoutes } from './clearings.ts'
import type { IngestDeps } from './deps.ts'
import { dockRoutes } from './docks.ts'
import { footageRoutes } from './footage.ts'
import { handInRoutes } from './hand-ins.ts'
import { identifyRoutes } from './identify.ts'
import { receiptRoutes } from './receipts.ts'
import { saidRoutes } from './said.ts'
import { tusRoutes } from './tus/routes.ts'
import { uploadStateRoutes } from './upload-state.ts'

const bodyBytesMax = 1024 * 1024
/** A link on which no byte moved for this long is dead. */
const idleTimeoutMs = 60_000

/** The app for docks: hand-ins, tus, the form for devices without it, and how everything stands. */
export async function buildIngest(deps: IngestDeps, tls: { cert: Buffer; key: Buffer } | null = null): Promise<Server> {
  const server = await buildServer({
    name: 'ingest',
    title: 'Ingest: footage from docks',
    description: 'Hand-ins, resumable uploads by tus 1.0, and a form for devices without it.',
    log: deps.log,
    bodyBytesMax,
    tls,
    requestTimeoutMs: 0, // an upload takes as long as it takes
    idleTimeoutMs,
    authenticate: (request) => authenticateDock(deps, request),
    onRefused: (request) => recordRoleRefusal(deps, request),
    ready: () =>
      whatIsMissing({
        database: requireAnswer(deps.db),
        clock: requireNearClock(deps.db, deps.clock),
        primary: deps.store.clockOffsetMs(),
      }),
  })
  await tusRoutes(server, deps)
  uploadStateRoutes(server, deps)
  handInRoutes(server, deps)
  clearingRoutes(server, deps)
  receiptRoutes(server, deps)
  dockRoutes(server, deps)
  saidRoutes(server, deps)
  identifyRoutes(server, deps)
  await footageRoutes(server, deps)
  return server
}
