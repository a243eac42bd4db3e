import type { FastifyRequest } from 'fastify'
import { dockByToken, revokedDockByToken } from '../custody/devices/dock.ts'
import { recordDockRefusal } from '../custody/roles/refusal.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Principal } from '../foundation/http/server.ts'

type RefusalDeps = { readonly db: Db; readonly clock: Clock }

/** The one role of this service's callers. */
export const dockRole = 'dock'

/**
 * The dock whose token stands in `Authorization: Bearer`; null for nobody, an unknown token or a revoked one. The last is
 * an event: somebody goes on with what was taken from him.
 */
export async function authenticateDock(deps: RefusalDeps, request: FastifyRequest): Promise<Principal | null> {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) return null
  const dock = await dockByToken(deps.db, token)
  if (dock) return { id: dock.id, role: dockRole, name: dock.name }
  const revoked = await revokedDockByToken(deps.db, token)
  if (revoked !== null) {
    const dock = { id: revoked, role: dockRole }
    await recordDockRefusal(deps.db, deps.clock, dock, { reason: 'dock_revoked', route: routeOf(request) })
  }
  return null
}

/** Writes that a known caller was refused a route because of its role. */
export async function recordRoleRefusal(deps: RefusalDeps, request: FastifyRequest): Promise<void> {
  const { principal } = request
  if (!principal) return
  const dock = { id: principal.id, role: dockRole }
  await recordDockRefusal(deps.db, deps.clock, dock, { reason: 'wrong_role', route: routeOf(request) })
}

function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? ''}`
}
