import cookie from '@fastify/cookie'
import { requireArrival } from '../foundation/http/arrival.ts'
import { closeIfItGoesOn } from '../foundation/http/linger.ts'
import { buildServer, type Server } from '../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import type { AccessDeps } from './deps.ts'
import { authenticate, cookieName, recordRouteRefusal } from './identity.ts'
import { accountOpeningRoutes } from './routes/account-openings.ts'
import { caseRoutes, partyRoutes } from './routes/cases.ts'
import { chainRoutes } from './routes/chain.ts'
import { clearingRoutes } from './routes/clearings.ts'
import { custodianRoutes } from './routes/custodian.ts'
import { deputyshipRoutes } from './routes/deputyships.ts'
import { deviceActRoutes } from './routes/device-acts.ts'
import { deviceCardRoutes } from './routes/device-card.ts'
import { deviceRoutes } from './routes/devices.ts'
import { dockEnrolmentRoutes } from './routes/dock-enrolments.ts'
import { dockPassRoutes } from './routes/dock-passes.ts'
import { dockRoutes } from './routes/docks.ts'
import { gapRoutes } from './routes/gaps.ts'
import { handInCountRoutes } from './routes/hand-in-counts.ts'
import { handInRoutes } from './routes/hand-ins.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { noticeRoutes } from './routes/notices.ts'
import { packageRoutes } from './routes/packages.ts'
import { peopleRoutes } from './routes/people.ts'
import { proofRoutes } from './routes/proofs.ts'
import { quarantineRoutes } from './routes/quarantine.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { attachmentRoutes, recordingRoutes } from './routes/recordings.ts'
import { rosterRoutes } from './routes/rosters.ts'
import { seatRoutes } from './routes/seats.ts'
import { sessionRoutes } from './routes/session.ts'
import { settingRoutes } from './routes/settings.ts'
import { signatureRoutes } from './routes/signatures.ts'
import { spareRoutes } from './routes/spares.ts'
import { storageRoutes } from './routes/storage.ts'
import { suppliedRenditionRoutes } from './routes/supplied-renditions.ts'
import { thirdSignatureRoutes } from './routes/third-signatures.ts'
import { timestampRoutes } from './routes/timestamps.ts'
import { playbackRoutes, viewingRoutes } from './routes/viewings.ts'
import { watchRoutes } from './routes/watch.ts'
import { witnessRoutes } from './routes/witnesses.ts'

const bodyBytesMax = 256 * 1024
/** Whatever is not a film must have arrived by then. */
const arrivalTimeoutMs = 60_000

/**
 * The service for people: sign-in, recordings, cases, viewings, the ledger, administration. `observe` may add hooks (metrics)
 * before the routes.
 */
export async function buildAccess(
  deps: AccessDeps,
  ready: () => Promise<Record<string, string>>,
  observe: (server: Server) => void = () => undefined,
): Promise<Server> {
  const { settings } = deps
  const server = await buildServer({
    name: 'access',
    title: '证据保管 · 调阅与管理',
    description: 'Evidence custody: sign-in, recordings, cases, viewings, evidence chain, ledger, administration.',
    credential: { cookie: cookieName(settings) },
    log: deps.log,
    bodyBytesMax,
    requestTimeoutMs: 0,
    tls: settings.tls,
    requestsPerMinuteMax: settings.requestsPerMinuteMax,
    authenticate: (request) => authenticate(deps, request),
    onRefused: (request) => recordRouteRefusal(deps, request, request.principal, 'wrong_role'),
    ready,
  })
  observe(server)
  server.addHook('onRequest', async (request) => {
    if (!request.routeOptions.config.takesLong) requireArrival(request, arrivalTimeoutMs)
  })
  server.addHook('onResponse', async (request) => closeIfItGoesOn(request))
  // Not by its hook: who is asking is known before any other hook runs.
  await server.register(cookie, { hook: false })
  server.decorateRequest('signedIn', null)
  server.addHook('preHandler', async (request) => {
    const { config } = request.routeOptions
    if (request.method === 'GET' || config.whileLedgerIsBehind) return
    await requireLedgerCaughtUp(deps.db)
  })

  sessionRoutes(server, deps)
  noticeRoutes(server, deps)
  peopleRoutes(server, deps)
  accountOpeningRoutes(server, deps)
  deviceRoutes(server, deps)
  deviceActRoutes(server, deps)
  deviceCardRoutes(server, deps)
  dockRoutes(server, deps)
  dockEnrolmentRoutes(server, deps)
  clearingRoutes(server, deps)
  storageRoutes(server, deps)
  dockPassRoutes(server, deps)
  rosterRoutes(server, deps)
  custodianRoutes(server, deps)
  settingRoutes(server, deps)
  deputyshipRoutes(server, deps)
  seatRoutes(server, deps)
  spareRoutes(server, deps)
  partyRoutes(server, deps)
  caseRoutes(server, deps)
  chainRoutes(server, deps)
  recordingRoutes(server, deps)
  attachmentRoutes(server, deps)
  handInRoutes(server, deps)
  handInCountRoutes(server, deps)
  gapRoutes(server, deps)
  quarantineRoutes(server, deps)
  signatureRoutes(server, deps)
  thirdSignatureRoutes(server, deps)
  await suppliedRenditionRoutes(server, deps)
  viewingRoutes(server, deps)
  playbackRoutes(server, deps)
  ledgerRoutes(server, deps)
  proofRoutes(server, deps)
  timestampRoutes(server, deps)
  await receiptRoutes(server, deps)
  witnessRoutes(server, deps)
  packageRoutes(server, deps)
  await watchRoutes(server)
  return server
}
