import type { FastifyRequest } from 'fastify'
import { dockByToken, revokedDockByToken } from '../custody/dock.ts'
import { recordEvent } from '../custody/events.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Fault } from '../foundation/errors.ts'
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
  if (revoked !== null) await recordRefusal(deps, revoked, request, 'dock_revoked')
  return null
}

/** Writes that a known caller was refused by its role. */
export async function recordRoleRefusal(deps: RefusalDeps, request: FastifyRequest, fault: Fault): Promise<void> {
  const { principal } = request
  if (principal) await recordRefusal(deps, principal.id, request, fault.code)
}

async function recordRefusal(
  deps: RefusalDeps,
  dockId: string,
  request: FastifyRequest,
  reason: string,
): Promise<void> {
  const route = `${request.method} ${request.routeOptions.url ?? ''}`
  await deps.db.transaction().execute((trx) =>
    recordEvent(trx, {
      kind: 'access.refused',
      at: deps.clock.now(),
      actor: dockId,
      actorRole: dockRole,
      subjects: [{ type: 'dock', id: dockId }],
      details: { reason, route },
    }),
  )
}
