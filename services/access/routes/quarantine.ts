import { Type } from 'typebox'
import { decideResolution, listQuarantine, proposeResolution } from '../../custody/intake/quarantine.ts'
import { batchItemsMax, decideBatch, proposeBatch } from '../../custody/lists/batch.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { quarantineOutcomes } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, Null, SameSeat, Time, Words } from '../schemas.ts'

const Outcome = Type.Enum([...quarantineOutcomes])
const params = Type.Object({ recordingId: Id })

/** What was taken in but does not fit: resolved by custodian and supervisor together. */
export function quarantineRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/quarantine',
    {
      config: { access: rolesThatMay('quarantine.read'), event: null },
      schema: {
        summary: 'What lies in quarantine, the oldest first',
        response: {
          200: Type.Object({
            recordings: Type.Array(
              Type.Object({
                recordingId: Id,
                deviceSerial: Type.String(),
                reason: Type.String(),
                sealedAt: Time,
                sha256: Hex,
                bytes: Type.Integer(),
                proposal: Null(
                  Type.Object({
                    id: Id,
                    outcome: Outcome,
                    reason: Type.String(),
                    proposedBy: Id,
                    at: Time,
                    batchId: Null(Id),
                  }),
                ),
              }),
            ),
          }),
        },
      },
    },
    async () => ({
      recordings: (await listQuarantine(db)).map((row) => ({
        ...row,
        sealedAt: row.sealedAt.toISOString(),
        proposal: row.proposal && { ...row.proposal, at: row.proposal.at.toISOString() },
      })),
    }),
  )

  server.post(
    '/quarantine/batches',
    {
      config: { access: rolesThatMay('quarantine.propose'), event: 'quarantine.proposed' },
      schema: {
        summary:
          'Propose what becomes of a whole card, or of what came of it in one hand-in, that stood on no signed list',
        description: `At most ${batchItemsMax} recordings, an event for each.`,
        body: Type.Object({
          deviceSerial: Words(64),
          handInId: Type.Optional(Null(Id)),
          outcome: Outcome,
          reason: Words(1000, 4),
        }),
        response: { 201: Type.Object({ id: Id, recordings: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const { handInId = null, ...batch } = request.body
      return reply.code(201).send(await proposeBatch(db, clock, callerOf(request), { ...batch, handInId }))
    },
  )

  server.post(
    '/quarantine/batches/:batchId/decision',
    {
      config: { access: rolesThatMay('quarantine.decide'), event: 'quarantine.resolved' },
      schema: {
        summary: 'Confirm all of a batch that still waits, or turn it down, by one signature over its list',
        params: Type.Object({ batchId: Id }),
        body: Type.Object({ confirmed: Type.Boolean() }),
        response: { 200: Type.Object({ listId: Id, sha256: Hex, recordings: Type.Integer() }) },
      },
    },
    async (request) => {
      const { batchId } = request.params
      const { listId, sha256, items } = await decideBatch(db, clock, callerOf(request), { batchId, ...request.body })
      return { listId, sha256, recordings: items.length }
    },
  )

  server.post(
    '/quarantine/:recordingId/proposals',
    {
      config: { access: rolesThatMay('quarantine.propose'), event: 'quarantine.proposed' },
      schema: {
        summary: 'Propose what becomes of it',
        params,
        body: Type.Object({ outcome: Outcome, reason: Words(1000, 4) }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const { recordingId } = request.params
      return reply
        .code(201)
        .send(await proposeResolution(db, clock, callerOf(request), { recordingId, ...request.body }))
    },
  )

  server.post(
    '/quarantine/:recordingId/decision',
    {
      config: { access: rolesThatMay('quarantine.decide'), event: 'quarantine.resolved' },
      schema: {
        summary: 'Confirm the proposal or turn it down',
        params,
        body: Type.Object({ confirmed: Type.Boolean() }),
        response: { 200: Type.Object({ outcome: Null(Outcome), sameSeat: SameSeat }) },
      },
    },
    async (request) => {
      const { recordingId } = request.params
      return decideResolution(db, clock, callerOf(request), { recordingId, ...request.body })
    },
  )
}
