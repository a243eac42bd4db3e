import { Type } from 'typebox'
import { storageHealth } from '../../custody/copies/storage-health.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import type { AccessDeps } from '../deps.ts'
import { Null } from '../schemas.ts'

/** Whether the three stores are well. */
export function storageRoutes(server: Server, { db, stores }: AccessDeps): void {
  const Copies = Type.Object({ stored: Type.Integer(), verified: Type.Integer(), damaged: Type.Integer() })
  server.get(
    '/storage',
    {
      config: { access: rolesThatMay('storage.health'), event: null },
      schema: {
        summary: 'Health of the three stores: numbers only, nothing of any recording',
        response: {
          200: Type.Object({
            stores: Type.Array(
              Type.Object({
                name: Type.String(),
                hostName: Type.String(),
                reachable: Type.Boolean(),
                clockOffsetMs: Null(Type.Number()),
                copies: Copies,
              }),
            ),
          }),
        },
      },
    },
    async () => ({ stores: await storageHealth(db, stores) }),
  )
}
