import type { FastifyRequest } from 'fastify'
import { isClearingOfDock } from '../custody/clearing/end.ts'
import { dockByToken } from '../custody/devices/dock.ts'
import { recordDockRefusal } from '../custody/roles/refusal.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import { Fault } from '../foundation/errors.ts'
import type { Principal } from '../foundation/http/server.ts'

type RefusalDeps = { readonly db: Db; readonly clock: Clock }

/** The one role of this service's callers. */
export const dockRole = 'dock'

/** What a revoked dock may still do: say how a clearing ended that it had announced. What is gone would have no event else. */
export const clearingEndUrl = '/clearings/:id/end'

/**
 * The dock whose token stands in `Authorization: Bearer`; null for nobody, an unknown token or a revoked one. The last is
 * an event: somebody goes on with what was taken from him. A clearing that a revoked dock had announced it still ends.
 *
 * @throws not_released for a dock that waits for its second person; that is an event too
 */
export async function authenticateDock(deps: RefusalDeps, request: FastifyRequest): Promise<Principal | null> {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? '')?.[1]
  const dock = token === undefined ? null : await dockByToken(deps.db, token)
  if (dock === null) return null
  if (dock.standing === 'in_service') return { id: dock.id, role: dockRole, name: dock.name }
  if (dock.standing === 'revoked' && (await endsOwnClearing(deps.db, dock.id, request))) {
    return { id: dock.id, role: dockRole, name: dock.name }
  }
  const reason = dock.standing === 'revoked' ? 'dock_revoked' : 'dock_not_released'
  await recordDockRefusal(deps.db, deps.clock, { id: dock.id, role: dockRole }, { reason, route: routeOf(request) })
  if (dock.standing === 'revoked') return null
  throw new Fault('not_released', 'this dock is registered, but not released yet: a supervisor or auditor releases it')
}

async function endsOwnClearing(db: Db, dockId: string, { method, routeOptions, params }: FastifyRequest) {
  if (method !== 'POST' || routeOptions.url !== clearingEndUrl) return false
  return isClearingOfDock(db, dockId, (params as { id: string }).id)
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
