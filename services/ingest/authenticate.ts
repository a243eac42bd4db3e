import type { FastifyRequest } from 'fastify'
import { dockByToken } from '../custody/dock.ts'
import { recordEvent } from '../custody/events.ts'
import type { Clock } from '../foundation/clock.ts'
import type { Db } from '../foundation/db/database.ts'
import type { Fault } from '../foundation/errors.ts'
import type { Principal } from '../foundation/http/server.ts'

/** The one role of this service's callers. */
export const dockRole = 'dock'

/** The dock whose token stands in `Authorization: Bearer`; null for nobody, an unknown token or a revoked one. */
export async function authenticateDock(db: Db, request: FastifyRequest): Promise<Principal | null> {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) return null
  const dock = await dockByToken(db, token)
  return dock && { id: dock.id, role: dockRole, name: dock.name }
}

/** Writes that a known caller was refused by its role. */
export async function recordRoleRefusal(
  deps: { db: Db; clock: Clock },
  request: FastifyRequest,
  fault: Fault,
): Promise<void> {
  const { principal } = request
  if (!principal) return
  const route = `${request.method} ${request.routeOptions.url ?? ''}`
  await deps.db.transaction().execute((trx) =>
    recordEvent(trx, {
      kind: 'access.refused',
      at: deps.clock.now(),
      actor: principal.id,
      actorRole: principal.role,
      subjects: [{ type: 'dock', id: principal.id }],
      details: { reason: fault.code, route },
    }),
  )
}
