import { Type } from 'typebox'
import {
  custodianship,
  partsNeeded,
  proposeHandover,
  signHandover,
  withdrawHandover,
} from '../../custody/people/custodian.ts'
import { listPeople } from '../../custody/people/person.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { handoverParts } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Id, NoContent, Null, SameSeat, Someone, ThirdSignature, Time, Words } from '../schemas.ts'

const Part = Type.Enum([...handoverParts])
const params = Type.Object({ handoverId: Id })
const Signature = Type.Object({
  part: Part,
  personId: Id,
  signedAt: Time,
  sameSeat: SameSeat,
  onBehalfOf: Null(Someone),
  third: ThirdSignature,
})

/** The one custodian (专人) and how he is followed by the next. */
export function custodianRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/custodian',
    {
      config: { access: rolesThatMay('custodian.read'), event: null },
      schema: {
        summary: 'The custodian in office and the hand-over under way',
        response: {
          200: Type.Object({
            custodian: Null(Type.Object({ personId: Id, name: Type.String(), since: Time })),
            handover: Null(
              Type.Object({
                id: Id,
                fromPersonId: Id,
                toPersonId: Id,
                toPersonName: Type.String(),
                reason: Type.String(),
                absent: Type.Boolean(),
                proposedBy: Id,
                proposedAt: Time,
                partsNeeded: Type.Array(Part),
                signatures: Type.Array(Signature),
              }),
            ),
          }),
        },
      },
    },
    async () => {
      const { custodian, handover } = await custodianship(db)
      return {
        custodian: custodian && { ...custodian, since: custodian.since.toISOString() },
        handover: handover && {
          ...handover,
          toPersonName: (await listPeople(db)).find(({ id }) => id === handover.toPersonId)?.name ?? '',
          proposedAt: handover.proposedAt.toISOString(),
          partsNeeded: [...partsNeeded(handover.absent)],
          signatures: handover.signatures.map((signature) => ({
            ...signature,
            signedAt: signature.signedAt.toISOString(),
          })),
        },
      }
    },
  )

  server.post(
    '/custodian/handovers',
    {
      config: { access: rolesThatMay('custodian.propose'), event: 'custodian.handover_proposed' },
      schema: {
        summary: 'Propose a hand-over; it takes effect when all have signed',
        description:
          'Signed by outgoing, incoming and supervisor; when the custodian is absent by supervisor, legal office and incoming.',
        body: Type.Object({ toPersonId: Id, reason: Words(1000, 4), absent: Type.Boolean() }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => reply.code(201).send(await proposeHandover(db, clock, callerOf(request), request.body)),
  )

  server.post(
    '/custodian/handovers/:handoverId/signatures',
    {
      config: { access: rolesThatMay('custodian.sign'), event: 'custodian.handover_signed' },
      schema: {
        summary: 'Sign a hand-over as what one is in it',
        params,
        response: { 201: Type.Object({ part: Part, completed: Type.Boolean(), sameSeat: SameSeat }) },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await signHandover(db, clock, callerOf(request), request.params.handoverId)),
  )

  server.delete(
    '/custodian/handovers/:handoverId',
    {
      config: { access: rolesThatMay('custodian.withdraw'), event: 'custodian.handover_withdrawn' },
      schema: { summary: 'Withdraw a hand-over', params, response: NoContent },
    },
    async (request, reply) => {
      await withdrawHandover(db, clock, callerOf(request), request.params.handoverId)
      return reply.code(204).send(null)
    },
  )
}
