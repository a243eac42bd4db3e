import { Type } from 'typebox'
import { listEnrolments, makeEnrolment } from '../../custody/docks/enrolment.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, Null, Time, Words } from '../schemas.ts'

/** Codes by which new docks enrol themselves (A63). */
export function dockEnrolmentRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.post(
    '/docks/enrolments',
    {
      config: { access: rolesThatMay('dock.manage'), event: 'dock.enrolment_made' },
      schema: {
        summary: 'Make the one-time code with which a new dock enrols itself',
        description: 'The code is answered once. The dock counts once a second person has released it.',
        body: Type.Object({ name: Words(100) }),
        response: {
          201: Type.Object({
            id: Id,
            code: Type.String({ description: 'shown once' }),
            expiresAt: Time,
          }),
        },
      },
    },
    async (request, reply) => {
      const made = await makeEnrolment(db, clock, callerOf(request), request.body.name)
      return reply.code(201).send({ ...made, expiresAt: made.expiresAt.toISOString() })
    },
  )
  server.get(
    '/docks/enrolments',
    {
      config: { access: rolesThatMay('dock.list'), event: null },
      schema: {
        summary: 'Codes that were made for new docks, the newest first; never the codes themselves',
        response: {
          200: Type.Object({
            enrolments: Type.Array(
              Type.Object({
                id: Type.String({ description: 'the dock’s id, once it has enrolled' }),
                name: Type.String(),
                madeBy: Id,
                madeAt: Time,
                expiresAt: Time,
                usedAt: Null(Time),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      enrolments: (await listEnrolments(db)).map((one) => ({
        ...one,
        madeAt: one.madeAt.toISOString(),
        expiresAt: one.expiresAt.toISOString(),
        usedAt: one.usedAt?.toISOString() ?? null,
      })),
    }),
  )
}
