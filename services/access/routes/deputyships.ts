import { Type } from 'typebox'
import { decideDeputyship, deputyDaysMax, endDeputyship, nameDeputy } from '../../custody/bureau/deputyship.ts'
import { listDeputyships } from '../../custody/bureau/deputyship-list.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { deputyshipStates } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Beginning, beginningOf, End, endOf, Id, NoContent, Null, SameSeat, Someone, Time, Words } from '../schemas.ts'

const params = Type.Object({ deputyshipId: Id })

const Deputyship = Type.Object({
  id: Id,
  supervisor: Someone,
  deputy: Someone,
  reason: Type.String(),
  startsAt: Time,
  endsAt: Time,
  namedAt: Time,
  state: Type.Enum([...deputyshipStates]),
  decidedBy: Null(Someone),
  decidedAt: Null(Time),
  endedAt: Null(Time),
})

/** Who acts in a supervisor's place while he is away (受委托). */
export function deputyshipRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/deputyships',
    {
      config: { access: rolesThatMay('deputyship.read'), event: null },
      schema: {
        summary: 'Every deputyship, the last named first',
        response: { 200: Type.Object({ deputyships: Type.Array(Deputyship) }) },
      },
    },
    async () => ({
      deputyships: (await listDeputyships(db)).map((one) => ({
        ...one,
        startsAt: one.startsAt.toISOString(),
        endsAt: one.endsAt.toISOString(),
        namedAt: one.namedAt.toISOString(),
        decidedAt: one.decidedAt?.toISOString() ?? null,
        endedAt: one.endedAt?.toISOString() ?? null,
      })),
    }),
  )

  server.post(
    '/deputyships',
    {
      config: { access: rolesThatMay('deputyship.name'), event: 'deputyship.named' },
      schema: {
        summary: 'Name who acts in one’s own place for a time; an auditor must sign',
        description: `At most ${deputyDaysMax} days. Without \`startsAt\` it begins when the auditor has signed.`,
        body: Type.Object({
          deputyId: Id,
          reason: Words(1000, 2),
          startsAt: Type.Optional(Null(Beginning)),
          endsAt: End,
        }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const { deputyId, reason, startsAt = null, endsAt } = request.body
      const period = {
        startsAt: startsAt === null ? null : beginningOf('startsAt', startsAt),
        endsAt: endOf('endsAt', endsAt),
      }
      return reply.code(201).send(await nameDeputy(db, clock, callerOf(request), { deputyId, reason, ...period }))
    },
  )

  server.post(
    '/deputyships/:deputyshipId/decision',
    {
      config: { access: rolesThatMay('deputyship.sign'), event: 'deputyship.signed' },
      schema: {
        summary: 'Sign a deputyship, or refuse it',
        params,
        body: Type.Object({ approve: Type.Boolean(), reason: Type.Optional(Words(1000, 2)) }),
        response: { 200: Type.Object({ state: Type.Enum(['signed', 'refused']), sameSeat: SameSeat }) },
      },
    },
    async (request) => {
      const { approve, reason = null } = request.body
      return decideDeputyship(db, clock, callerOf(request), { id: request.params.deputyshipId, approve, reason })
    },
  )

  server.post(
    '/deputyships/:deputyshipId/end',
    {
      config: { access: rolesThatMay('deputyship.end'), event: 'deputyship.ended' },
      schema: {
        summary: 'End a deputyship before its time',
        params,
        body: Type.Object({ reason: Words(1000, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { reason } = request.body
      await endDeputyship(db, clock, callerOf(request), { id: request.params.deputyshipId, reason })
      return reply.code(204).send(null)
    },
  )
}
