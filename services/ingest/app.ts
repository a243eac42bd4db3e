import { sql } from 'kysely'
import type { Db } from '../foundation/db/database.ts'
import { databaseFault } from '../foundation/db/failures.ts'
import { isFault } from '../foundation/errors.ts'
import { buildServer, type Server } from '../foundation/http/server.ts'
import type { Store } from '../foundation/store/store.ts'
import { authenticateDock, recordRoleRefusal } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { footageRoutes } from './footage.ts'
import { handInRoutes } from './hand-ins.ts'
import { receiptRoutes } from './receipts.ts'
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
    ready: () => whatIsMissing(deps.db, deps.store),
  })
  await tusRoutes(server, deps)
  uploadStateRoutes(server, deps)
  handInRoutes(server, deps)
  receiptRoutes(server, deps)
  await footageRoutes(server, deps)
  return server
}

async function whatIsMissing(db: Db, store: Store): Promise<Record<string, string>> {
  const reasonOf = async (check: Promise<unknown>): Promise<string | null> => {
    try {
      await check
      return null
    } catch (error) {
      // Anyone may ask: words of the driver's name users, hosts and ports.
      const fault = databaseFault(error) ?? error
      return isFault(fault) ? fault.message : 'does not answer as it should'
    }
  }
  const checks = { database: reasonOf(sql`select 1`.execute(db)), primary: reasonOf(store.clockOffsetMs()) }
  const missing: Record<string, string> = {}
  for (const [name, check] of Object.entries(checks)) {
    const reason = await check
    if (reason !== null) missing[name] = reason
  }
  return missing
}
