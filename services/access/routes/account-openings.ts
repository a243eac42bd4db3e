import { Type } from 'typebox'
import { resetPassword } from '../../custody/people/opening.ts'
import { listOpenings, type OpeningRow } from '../../custody/people/opening-list.ts'
import { releasePerson, stopRelease } from '../../custody/people/release.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { offices, openingCauses } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, RoleWord, Time, Words } from '../schemas.ts'

const params = Type.Object({ personId: Id })

/** What whoever made or reset an account hands over. */
export const FirstSecret = {
  firstPassword: Type.String({ description: 'shown once; it opens nothing without the code of the release' }),
  expiresAt: Time,
}

const Release = Type.Object({
  code: Null(Type.String({ description: 'shown once; null for the second release, by the other office' })),
  codeExpiresAt: Null(Time),
  effectiveFrom: Time,
})

const Named = { id: Id, name: Type.String(), account: Type.String() }
const Act = { by: Type.Object(Named), at: Time }
const Opening = Type.Object({
  id: Id,
  person: Type.Object({ ...Named, role: RoleWord }),
  cause: Type.Enum([...openingCauses]),
  made: Type.Object(Act),
  expiresAt: Time,
  released: Null(Type.Object({ ...Act, office: Type.Enum([...offices]), effectiveFrom: Time })),
  confirmed: Null(Type.Object(Act, { description: 'the other office released as well' })),
  stopped: Null(Type.Object(Act)),
  usedAt: Null(Time),
})

/** How accounts that were made or reset are opened: one person gives the first password, another the code. */
export function accountOpeningRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/people/openings',
    {
      config: { access: rolesThatMay('person.read_openings'), event: null },
      schema: {
        summary: 'How accounts were opened, the last first: made or reset, released, stopped, used',
        response: { 200: Type.Object({ openings: Type.Array(Opening) }) },
      },
    },
    async () => ({ openings: (await listOpenings(db)).map(shown) }),
  )

  server.post(
    '/people/:personId/password-reset',
    {
      config: { access: rolesThatMay('person.reset'), event: 'person.password_reset' },
      schema: {
        summary: 'Give a new first password; another person must release the account',
        params,
        response: { 200: Type.Object(FirstSecret) },
      },
    },
    async (request) => secretShown(await resetPassword(db, clock, callerOf(request), request.params.personId)),
  )

  server.post(
    '/people/:personId/release',
    {
      config: { access: rolesThatMay('person.release'), event: 'person.released' },
      schema: {
        summary: 'Say, as second person, that an account may be used',
        description:
          'Supervisors and custodians are released by an auditor, auditors by a supervisor, others by either. Where nobody of that office is in service, the other releases and it takes effect after two working days. The other office may release besides at any time.',
        params,
        response: { 200: Release },
      },
    },
    async (request) => {
      const release = await releasePerson(db, clock, callerOf(request), request.params.personId)
      return {
        code: release.code,
        codeExpiresAt: release.codeExpiresAt?.toISOString() ?? null,
        effectiveFrom: release.effectiveFrom.toISOString(),
      }
    },
  )

  server.post(
    '/people/:personId/release/stop',
    {
      config: { access: rolesThatMay('person.stop_release'), event: 'person.release_stopped' },
      schema: {
        summary: 'Stop a release that has not taken effect yet',
        params,
        body: Type.Object({ reason: Words(500, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await stopRelease(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )
}

export function secretShown({ firstPassword, expiresAt }: { firstPassword: string; expiresAt: Date }) {
  return { firstPassword, expiresAt: expiresAt.toISOString() }
}

function shown(row: OpeningRow) {
  const act = <By>(one: { by: By; at: Date } | null) => one && { by: one.by, at: one.at.toISOString() }
  return {
    id: row.id,
    person: row.person,
    cause: row.cause,
    made: { by: row.madeBy, at: row.madeAt.toISOString() },
    expiresAt: row.expiresAt.toISOString(),
    released: row.released && {
      ...act(row.released)!,
      office: row.released.office,
      effectiveFrom: row.released.effectiveFrom.toISOString(),
    },
    confirmed: act(row.confirmed),
    stopped: act(row.stopped),
    usedAt: row.usedAt?.toISOString() ?? null,
  }
}
