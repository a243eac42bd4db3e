import { Type } from 'typebox'
import { clearingsLeftOpen } from '../../custody/clearing/open-clearings.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import type { AccessDeps } from '../deps.ts'
import { Id, Time } from '../schemas.ts'

/** What docks remove from devices, as far as somebody has to look after it. */
export function clearingRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.get(
    '/clearings/open',
    {
      config: { access: rolesThatMay('clearing.read'), event: null },
      schema: {
        summary: 'Clearings that a dock announced and has not closed within an hour, the oldest first',
        response: {
          200: Type.Object({
            clearings: Type.Array(
              Type.Object({
                id: Id,
                dockName: Type.String(),
                deviceSerial: Type.String(),
                handInId: Id,
                files: Type.Integer(),
                announcedAt: Time,
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      clearings: (await clearingsLeftOpen(db, clock.now())).map((one) => ({
        ...one,
        announcedAt: one.announcedAt.toISOString(),
      })),
    }),
  )
}
