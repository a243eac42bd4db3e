import { Type } from 'typebox'
import { markNoticeSeen } from '../../custody/notices/notices.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { NoContent } from '../schemas.ts'

/** What `GET /session` shows under `notices`, acknowledged one by one. */
export function noticeRoutes(server: Server, deps: AccessDeps): void {
  server.post(
    '/notices/:noticeId/seen',
    {
      config: { access: rolesThatMay('session.own'), event: 'notice.seen' },
      schema: {
        summary: 'Say that one has seen a notice; it is shown no more',
        params: Type.Object({ noticeId: Type.String({ maxLength: 100 }) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await markNoticeSeen(deps.db, deps.clock, callerOf(request), request.params.noticeId)
      return reply.code(204).send(null)
    },
  )
}
