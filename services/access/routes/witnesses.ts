import { Type } from 'typebox'
import { exportForCourier, importFromCourier } from '../../custody/anchoring/courier.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { addCheckpointBytesMax } from '../../ledger/format/witness-protocol.ts'
import { ledgerState } from '../../ledger/witness/state.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Null, TextAnswer, Time, Words } from '../schemas.ts'

const Size = Type.Integer({ minimum: 0, description: 'number of events' })

/** How far outsiders have seen the ledger, and what a courier carries to a witness without network and back. */
export function witnessRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock, settings } = deps
  const { origin, verifierKey, policy } = settings.ledger
  const courier = { db, clock, origin, verifierKey, policy }
  stateRoute(server, deps)

  const carry = rolesThatMay('courier.carry')
  server.post(
    '/ledger/courier/exports',
    {
      config: { access: carry, event: 'courier.exported' },
      schema: {
        summary:
          'The newest checkpoint for a witness without network: a body of add-checkpoint (c2sp.org/tlog-witness)',
        body: Type.Object({ witness: Words(255) }),
        response: { 201: TextAnswer('text/plain', 'what the witness is to be given') },
      },
    },
    async (request, reply) => {
      const text = await exportForCourier(courier, callerOf(request), request.body.witness)
      return reply.code(201).type('text/plain; charset=utf-8').send(text)
    },
  )

  server.post(
    '/ledger/courier/imports',
    {
      config: { access: carry, event: 'courier.imported' },
      schema: {
        summary: 'What a courier brought back: the signed checkpoint with the witness’s signature lines',
        body: Type.Object({ note: Type.String({ minLength: 1, maxLength: addCheckpointBytesMax }) }),
        response: {
          200: Type.Object({
            witness: Type.String(),
            size: Size,
            witnessed: Type.Boolean({ description: 'the policy’s quorum is met for this checkpoint' }),
            again: Type.Boolean({ description: 'it had been brought before: nothing changed' }),
          }),
        },
      },
    },
    async (request) => importFromCourier(courier, callerOf(request), request.body.note),
  )
}

function stateRoute(server: Server, { db, settings }: AccessDeps): void {
  server.get(
    '/ledger/state',
    {
      config: { access: rolesThatMay('ledger.state'), event: null },
      schema: {
        summary: 'How far the ledger is signed and witnessed, and how the talk with each witness stands',
        response: {
          200: Type.Object({
            size: Size,
            witnessedSize: Null(Size),
            witnessedAt: Null(Time),
            unwitnessedSince: Null(Time),
            witnesses: Type.Array(
              Type.Object({
                name: Type.String(),
                kind: Type.Enum(['online', 'courier']),
                size: Size,
                lastOkAt: Null(Time),
                lastTriedAt: Null(Time),
                lastError: Null(Type.String()),
                alarm: Null(Type.String({ description: 'what this witness says against the ledger' })),
              }),
            ),
          }),
        },
      },
    },
    async () => {
      const state = await ledgerState(db, settings.ledger.policy)
      return {
        ...state,
        witnessedAt: iso(state.witnessedAt),
        unwitnessedSince: iso(state.unwitnessedSince),
        witnesses: state.witnesses.map((one) => ({
          ...one,
          lastOkAt: iso(one.lastOkAt),
          lastTriedAt: iso(one.lastTriedAt),
        })),
      }
    },
  )
}

function iso(time: Date | null): string | null {
  return time?.toISOString() ?? null
}
