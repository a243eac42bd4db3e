import { Type } from 'typebox'
import { givePass, listPasses, takeBackPass } from '../../custody/people/dock-pass.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { dockPassMeans } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, Someone, Time, Words } from '../schemas.ts'

const Means = Type.Enum([...dockPassMeans])

/** Work cards and dock codes, by which people are known at docks; released by list, as officers' accounts are. */
export function dockPassRoutes(server: Server, { db, clock, settings }: AccessDeps): void {
  const { dockPassKey } = settings
  const manage = rolesThatMay('dock_pass.manage')
  server.get(
    '/dock-passes',
    {
      config: { access: rolesThatMay('dock_pass.list'), event: null },
      schema: {
        summary: 'Work cards and dock codes with their people, never a number; those that wait for their release first',
        querystring: Type.Object({ means: Type.Optional(Means) }),
        response: {
          200: Type.Object({
            passes: Type.Array(
              Type.Object({
                id: Id,
                means: Means,
                person: Type.Object({ id: Id, name: Type.String(), account: Type.String() }),
                givenBy: Someone,
                givenAt: Time,
                releasedAt: Null(Time),
                takenBackAt: Null(Time),
              }),
            ),
          }),
        },
      },
    },
    async (request) => ({
      passes: (await listPasses(db, request.query)).map((pass) => ({
        ...pass,
        givenAt: pass.givenAt.toISOString(),
        releasedAt: pass.releasedAt?.toISOString() ?? null,
        takenBackAt: pass.takenBackAt?.toISOString() ?? null,
      })),
    }),
  )

  server.post(
    '/dock-passes',
    {
      config: { access: manage, event: 'dock_pass.given' },
      schema: {
        summary: 'Give an officer or assistant a work card, by its number, or a dock code, which is answered once',
        description:
          'It counts once a supervisor or auditor has released it (POST /signatures/lists, dock_pass.released).',
        body: Type.Union([
          Type.Object({
            personId: Id,
            means: Type.Literal('card'),
            card: Type.String({ minLength: 4, maxLength: 64, description: 'as a reader types it' }),
          }),
          Type.Object({ personId: Id, means: Type.Literal('code') }),
        ]),
        response: { 201: Type.Object({ id: Id, code: Null(Type.String({ description: 'six digits, shown once' })) }) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await givePass({ db, clock, dockPassKey }, callerOf(request), request.body)),
  )

  server.post(
    '/dock-passes/:passId/taking-back',
    {
      config: { access: manage, event: 'dock_pass.taken_back' },
      schema: {
        summary: 'Take a card or code back: from now on it makes nobody known',
        params: Type.Object({ passId: Id }),
        body: Type.Object({ reason: Words(400, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { passId } = request.params
      await takeBackPass(db, clock, callerOf(request), { passId, reason: request.body.reason })
      return reply.code(204).send(null)
    },
  )
}
