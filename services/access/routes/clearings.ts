import { Type } from 'typebox'
import { askGivingUp, decideGivingUp } from '../../custody/clearing/give-up.ts'
import { clearingsLeftOpen } from '../../custody/clearing/open-clearings.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, Null, SameSeat, Someone, Time, Words } from '../schemas.ts'

const params = Type.Object({ clearingId: Id })

/** What docks remove from devices, as far as somebody has to look after it. */
export function clearingRoutes(server: Server, deps: AccessDeps): void {
  givingUpRoutes(server, deps)
  const { db, clock } = deps
  server.get(
    '/clearings/open',
    {
      config: { access: rolesThatMay('clearing.read'), event: null },
      schema: {
        summary:
          'Clearings that a dock announced and has not closed within an hour, or before it was revoked, the oldest first',
        response: {
          200: Type.Object({
            clearings: Type.Array(
              Type.Object({
                id: Id,
                dockName: Type.String(),
                isDockRevoked: Type.Boolean(),
                deviceSerial: Type.String(),
                handInId: Id,
                files: Type.Integer(),
                announcedAt: Time,
                givingUp: Null(
                  Type.Object(
                    { reason: Type.String(), askedBy: Someone, askedAt: Time },
                    { description: 'asked for, and waiting for a second person' },
                  ),
                ),
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
        givingUp: one.givingUp && { ...one.givingUp, askedAt: one.givingUp.askedAt.toISOString() },
      })),
    }),
  )
}

/** Of a dock that is dead or revoked: nobody waits for its word any more, by two people. */
function givingUpRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.post(
    '/clearings/:clearingId/giving-up',
    {
      config: { access: rolesThatMay('clearing.ask_giving_up'), event: 'clearing.giving_up_asked' },
      schema: {
        summary: 'Ask that a clearing be given up whose dock will never close it',
        params,
        body: Type.Object({ reason: Words(1000, 4) }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const asked = { ...request.params, ...request.body }
      return reply.code(201).send(await askGivingUp(db, clock, callerOf(request), asked))
    },
  )
  server.post(
    '/clearings/:clearingId/giving-up/decision',
    {
      config: { access: rolesThatMay('clearing.decide_giving_up'), event: 'clearing.given_up' },
      schema: {
        summary: 'Give a clearing up, so that what became of its files is unknown, or refuse to',
        description:
          'Each file of which the dock has said nothing gets an event `recording.not_cleared` as `outcome_unknown`. What the dock says later counts all the same. Cut off between the files, the same request again enters the others.',
        params,
        body: Type.Object({ confirm: Type.Boolean() }),
        response: { 200: Type.Object({ sameSeat: SameSeat }) },
      },
    },
    async (request) => decideGivingUp(db, clock, callerOf(request), { ...request.params, ...request.body }),
  )
}
