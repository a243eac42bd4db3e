import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { noticesOf } from '../../custody/notices/notices.ts'
import { changePassword, signIn, signOut } from '../../custody/people/sign-in.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { cookieName, cookieOptions, markBrowser, requireOwnOrigin } from '../identity.ts'
import { ActingRoleWord, NoContent, Null, PersonShort, Someone, Time } from '../schemas.ts'

const Notice = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  text: Type.Object({ zh: Type.String(), en: Type.String() }),
  at: Time,
  waits: Type.Boolean({ description: 'work that stays until it is done; others go when they are acknowledged' }),
})

/** A person as he looks after his own account: nobody does that in another's place. */
function selfOf(request: FastifyRequest) {
  const { id, role, sessionHash, onBehalfOf } = callerOf(request)
  return { id, role: onBehalfOf === undefined ? role : 'deputy', sessionHash }
}

const Password = Type.String({ minLength: 1, maxLength: 256 })

/** Signing in and out, and one's own password. */
export function sessionRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock, settings } = deps
  const access = rolesThatMay('session.own')
  server.post(
    '/session',
    {
      config: {
        access: 'anyone',
        event: 'session.opened',
        rateLimit: { max: settings.signInsPerMinuteMax, timeWindow: 60_000 },
      },
      schema: {
        summary: 'Sign in',
        description:
          'A new or reset account takes first password and release code together; that session can only set a password.',
        body: Type.Object({
          account: Type.String({ minLength: 1, maxLength: 100 }),
          password: Password,
          code: Type.Optional(Type.String({ maxLength: 64, description: 'of the release, the first time' })),
        }),
        response: {
          201: Type.Object({
            token: Type.String({ description: 'for Authorization: Bearer; browsers use the cookie' }),
            person: PersonShort,
            mustChangePassword: Type.Boolean(),
            expiresAt: Time,
          }),
        },
      },
    },
    async (request, reply) => {
      if (request.headers.origin !== undefined) requireOwnOrigin(settings, request)
      const browserMark = markBrowser(settings, request, reply)
      const attempt = { ...request.body, address: request.ip, browserMark }
      const session = await signIn(db, clock, attempt, settings.signIn)
      return reply
        .code(201)
        .setCookie(cookieName(settings), session.token, { ...cookieOptions(settings), expires: session.expiresAt })
        .send({
          token: session.token,
          person: session.person,
          mustChangePassword: session.mustChangePassword,
          expiresAt: session.expiresAt.toISOString(),
        })
    },
  )

  server.get(
    '/session',
    {
      config: { access, event: null, beforePasswordChange: true },
      schema: {
        summary: 'Who is signed in',
        response: {
          200: Type.Object({
            person: PersonShort,
            actingRole: ActingRoleWord,
            onBehalfOf: Null(Someone),
            mustChangePassword: Type.Boolean(),
            expiresAt: Time,
            notices: Type.Array(Notice),
          }),
        },
      },
    },
    async (request) => {
      const { id, name, role, expiresAt, ...rest } = request.signedIn!
      const { actingRole, onBehalfOf, mustChangePassword } = rest
      const until = expiresAt.toISOString()
      // Whoever has the first password alone is told nothing.
      const found = mustChangePassword ? [] : await noticesOf(db, callerOf(request), clock.now())
      const notices = found.map((notice) => ({ ...notice, at: notice.at.toISOString() }))
      return { person: { id, name, role }, actingRole, onBehalfOf, mustChangePassword, expiresAt: until, notices }
    },
  )

  server.delete(
    '/session',
    {
      config: { access, event: 'session.ended', beforePasswordChange: true, whileLedgerIsBehind: true },
      schema: { summary: 'Sign out', response: NoContent },
    },
    async (request, reply) => {
      const { id, role, sessionHash } = selfOf(request)
      await signOut(db, clock, { personId: id, role, sessionHash })
      return reply.code(204).clearCookie(cookieName(settings), cookieOptions(settings)).send(null)
    },
  )

  server.put(
    '/session/password',
    {
      config: { access, event: 'person.password_changed', beforePasswordChange: true },
      schema: {
        summary: 'Change one’s own password',
        description: 'At least 12 characters. Ends the other sessions.',
        body: Type.Object({ old: Password, new: Password }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { id, role, sessionHash } = selfOf(request)
      const change = { personId: id, role, sessionHash, ...request.body, address: request.ip }
      await changePassword(db, clock, change, settings.signIn)
      return reply.code(204).send(null)
    },
  )
}
