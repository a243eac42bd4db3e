import { Type } from 'typebox'
import { createPerson } from '../../custody/people/opening.ts'
import { listPeople, type PersonRow } from '../../custody/people/person.ts'
import { askShutting, decideShutting, disablePerson } from '../../custody/people/shutting.ts'
import { currentSpares, listSpares, type ShownSpare, spareStates } from '../../custody/people/spare-list.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, RoleWord, Time, Words } from '../schemas.ts'
import { FirstSecret, secretShown } from './account-openings.ts'

const params = Type.Object({ personId: Id })

const Person = Type.Object({
  id: Id,
  name: Type.String(),
  role: RoleWord,
  account: Type.String(),
  officerNumber: Null(Type.String()),
  certificateNumber: Null(Type.String()),
  disabledAt: Null(Time),
  lockedUntil: Type.Optional(Null(Time)),
  awaitsRelease: Type.Optional(Type.Boolean()),
  spare: Type.Optional(
    Null(
      Type.Object({
        sealNumber: Type.String(),
        place: Type.String(),
        state: Type.Enum([...spareStates]),
        sealedAt: Time,
      }),
    ),
  ),
  shutting: Type.Optional(Null(Type.Object({ reason: Type.String(), askedBy: Id, askedAt: Time }))),
})

const NewPerson = Type.Object({
  name: Words(64),
  role: RoleWord,
  account: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{1,62}$' }),
  officerNumber: Type.Optional(Null(Words(32))),
  certificateNumber: Type.Optional(Null(Words(64))),
})

/** The people of the bureau: the administrator makes their accounts, and shuts them; control roles with a second person. */
export function peopleRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const manage = rolesThatMay('person.manage')
  server.get(
    '/people',
    {
      config: { access: rolesThatMay('person.list'), event: null },
      schema: {
        summary: 'People; the state of accounts only for who manages them or releases them',
        response: { 200: Type.Object({ people: Type.Array(Person) }) },
      },
    },
    async (request) => {
      const { role } = callerOf(request)
      const whole = may(role, 'person.manage') || may(role, 'person.release')
      const spares = whole ? currentSpares(await listSpares(db)) : null
      return { people: (await listPeople(db)).map((person) => shown(person, spares)) }
    },
  )

  server.post(
    '/people',
    {
      config: { access: manage, event: 'person.created' },
      schema: {
        summary: 'Make an account; another person must release it',
        body: NewPerson,
        response: {
          201: Type.Object({
            id: Id,
            ...FirstSecret,
            sameNameAs: Type.Array(Id, { description: 'people in service who have this name already' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const made = await createPerson(db, clock, callerOf(request), request.body)
      return reply.code(201).send({ id: made.id, ...secretShown(made), sameNameAs: made.sameNameAs })
    },
  )

  server.post(
    '/people/:personId/disable',
    {
      config: { access: manage, event: 'person.disabled' },
      schema: {
        summary: 'Shut an account for good',
        description: 'Of a supervisor, an auditor or the last administrator: ask for it with /shutting instead.',
        params,
        response: NoContent,
      },
    },
    async (request, reply) => {
      await disablePerson(db, clock, callerOf(request), request.params.personId)
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/people/:personId/shutting',
    {
      config: { access: rolesThatMay('person.ask_shutting'), event: 'person.shut_asked' },
      schema: {
        summary: 'Ask that the account of a supervisor, an auditor or the last administrator be shut',
        description: 'A supervisor or an auditor may ask so for any account.',
        params,
        body: Type.Object({ reason: Words(500, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await askShutting(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/people/:personId/shutting/decision',
    {
      config: { access: rolesThatMay('person.decide_shutting'), event: 'person.disabled' },
      schema: {
        summary: 'Shut, as second person, an account for good, or leave it open',
        params,
        body: Type.Object({ confirm: Type.Boolean(), reason: Words(500, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await decideShutting(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )
}

/** @param spares null leaves out the state of accounts */
function shown(person: PersonRow, spares: ReadonlyMap<string, ShownSpare> | null) {
  const { shutting } = person
  const spare = spares?.get(person.id)
  return {
    id: person.id,
    name: person.name,
    role: person.role,
    account: person.account,
    officerNumber: person.officer_number,
    certificateNumber: person.certificate_number,
    disabledAt: person.disabled_at?.toISOString() ?? null,
    ...(spares && {
      lockedUntil: person.locked_until?.toISOString() ?? null,
      awaitsRelease: person.awaits_release,
      spare: spare ? spareShown(spare) : null,
      shutting: shutting && { ...shutting, askedAt: shutting.askedAt.toISOString() },
    }),
  }
}

function spareShown({ sealNumber, place, state, sealedAt }: ShownSpare) {
  return { sealNumber, place, state, sealedAt: sealedAt.toISOString() }
}
