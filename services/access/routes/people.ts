import { Type } from 'typebox'
import { createPerson, disablePerson, listPeople, releasePerson, resetPassword } from '../../custody/people/person.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, RoleWord, Time, Words } from '../schemas.ts'

const params = Type.Object({ personId: Id })
const FirstPassword = {
  firstPassword: Type.String({ description: 'shown once' }),
  awaitsRelease: Type.Boolean({ description: 'supervisor or auditor must release the account before it opens' }),
}

/** The people of the bureau: accounts by the administrator, released by a second person where they lead to footage. */
export function peopleRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const manage = rolesThatMay('person.manage')
  server.get(
    '/people',
    {
      config: { access: rolesThatMay('person.list'), event: null },
      schema: {
        summary: 'People; account and state only for who manages them or releases them',
        response: {
          200: Type.Object({
            people: Type.Array(
              Type.Object({
                id: Id,
                name: Type.String(),
                role: RoleWord,
                officerNumber: Null(Type.String()),
                certificateNumber: Null(Type.String()),
                disabledAt: Null(Time),
                account: Type.Optional(Type.String()),
                lockedUntil: Type.Optional(Null(Time)),
                awaitsRelease: Type.Optional(Type.Boolean()),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { role } = callerOf(request)
      const whole = may(role, 'person.manage') || may(role, 'person.release')
      const people = await listPeople(db)
      return {
        people: people.map((person) => ({
          id: person.id,
          name: person.name,
          role: person.role,
          officerNumber: person.officer_number,
          certificateNumber: person.certificate_number,
          disabledAt: person.disabled_at?.toISOString() ?? null,
          ...(whole && {
            account: person.account,
            lockedUntil: person.locked_until?.toISOString() ?? null,
            awaitsRelease: person.awaits_release,
          }),
        })),
      }
    },
  )

  server.post(
    '/people',
    {
      config: { access: manage, event: 'person.created' },
      schema: {
        summary: 'Make an account',
        body: Type.Object({
          name: Words(64),
          role: RoleWord,
          account: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,62}$' }),
          officerNumber: Type.Optional(Null(Words(32))),
          certificateNumber: Type.Optional(Null(Words(64))),
        }),
        response: { 201: Type.Object({ id: Id, ...FirstPassword }) },
      },
    },
    async (request, reply) => reply.code(201).send(await createPerson(db, clock, callerOf(request), request.body)),
  )

  server.post(
    '/people/:personId/disable',
    {
      config: { access: manage, event: 'person.disabled' },
      schema: { summary: 'Shut an account for good', params, response: NoContent },
    },
    async (request, reply) => {
      await disablePerson(db, clock, callerOf(request), request.params.personId)
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/people/:personId/password-reset',
    {
      config: { access: manage, event: 'person.password_reset' },
      schema: { summary: 'Give a new first password', params, response: { 200: Type.Object(FirstPassword) } },
    },
    (request) => resetPassword(db, clock, callerOf(request), request.params.personId),
  )

  server.post(
    '/people/:personId/release',
    {
      config: { access: rolesThatMay('person.release'), event: 'person.released' },
      schema: { summary: 'Say, as second person, that an account may be used', params, response: NoContent },
    },
    async (request, reply) => {
      await releasePerson(db, clock, callerOf(request), request.params.personId)
      return reply.code(204).send(null)
    },
  )
}
