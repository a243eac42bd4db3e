import { Type } from 'typebox'
import { confirmSpare, sealSpare } from '../../custody/people/spare.ts'
import { listSpares, type ShownSpare, spareStates } from '../../custody/people/spare-list.ts'
import { askSpareOpening, openSpare } from '../../custody/people/spare-opening.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, Someone, Time, Words } from '../schemas.ts'

const params = Type.Object({ personId: Id })
const SealNumber = Words(64)
const Spare = Type.Object({
  id: Id,
  person: Someone,
  sealNumber: Type.String(),
  place: Type.String(),
  state: Type.Enum([...spareStates]),
  sealedBy: Someone,
  sealedAt: Time,
  sealedWith: Someone,
  confirmedAt: Null(Time),
  askedBy: Null(Someone),
  askedAt: Null(Time),
  openedBy: Null(Someone),
  openedAt: Null(Time),
  expiresAt: Null(Time),
  usedAt: Null(Time),
})

/** Sealed spare codes (密封备用码): two people seal one beforehand, two open it when nobody is there to release an account. */
export function spareRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/spares',
    {
      config: { access: rolesThatMay('spare.open'), event: null },
      schema: {
        summary: 'Envelopes with spare codes: seals, places, and how each stands; the last sealed first',
        response: { 200: Type.Object({ spares: Type.Array(Spare) }) },
      },
    },
    async () => ({ spares: (await listSpares(db)).map(shown) }),
  )

  server.post(
    '/people/:personId/spare',
    {
      config: { access: rolesThatMay('spare.seal'), event: 'spare.sealed' },
      schema: {
        summary: 'Make the code for an envelope that is sealed now; whoever is named with it confirms it',
        description:
          'By the office that would release the account, or by another with it as second person: whoever seals an envelope cannot reset the account that it opens. An earlier envelope of the account counts until this one is confirmed.',
        params,
        body: Type.Object({ sealNumber: SealNumber, place: Words(200), withPersonId: Id }),
        response: { 201: Type.Object({ id: Id, code: Type.String({ description: 'shown once, for the envelope' }) }) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await sealSpare(db, clock, callerOf(request), { ...request.params, ...request.body })),
  )

  server.post(
    '/people/:personId/spare/confirmation',
    {
      config: { access: rolesThatMay('spare.open'), event: 'spare.confirmed' },
      schema: {
        summary: 'Confirm, as the one with whom it was sealed, that the envelope has this seal and lies in its place',
        params,
        body: Type.Object({ sealNumber: SealNumber }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await confirmSpare(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/people/:personId/spare/opening-request',
    {
      config: { access: rolesThatMay('spare.open'), event: 'spare.opening_asked' },
      schema: {
        summary: 'Ask that an envelope be opened; another person opens it with you',
        params,
        body: Type.Object({ sealNumber: SealNumber, reason: Words(500, 2) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      await askSpareOpening(db, clock, callerOf(request), { ...request.params, ...request.body })
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/people/:personId/spare/opening',
    {
      config: { access: rolesThatMay('spare.open'), event: 'spare.opened' },
      schema: {
        summary: 'Open an envelope as second person: its code counts from now on, once',
        description: 'With the first password of a reset it opens the account in one sign-in, without a wait.',
        params,
        body: Type.Object({ sealNumber: SealNumber }),
        response: { 200: Type.Object({ expiresAt: Time }) },
      },
    },
    async (request) => {
      const { expiresAt } = await openSpare(db, clock, callerOf(request), { ...request.params, ...request.body })
      return { expiresAt: expiresAt.toISOString() }
    },
  )
}

function shown(spare: ShownSpare) {
  const { sealedAt, confirmedAt, askedAt, openedAt, expiresAt, usedAt, ...rest } = spare
  const time = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...rest,
    sealedAt: sealedAt.toISOString(),
    confirmedAt: time(confirmedAt),
    askedAt: time(askedAt),
    openedAt: time(openedAt),
    expiresAt: time(expiresAt),
    usedAt: time(usedAt),
  }
}
