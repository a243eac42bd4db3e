import { Type } from 'typebox'
import { decideResolution, proposeResolution } from '../../custody/intake/quarantine.ts'
import { listQuarantine } from '../../custody/intake/quarantine-list.ts'
import { batchItemsMax, decideBatch, proposeBatch, showBatch } from '../../custody/lists/batch.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { quarantineOutcomes } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, Null, SameSeat, Someone, Time, Words } from '../schemas.ts'

const Outcome = Type.Enum([...quarantineOutcomes])
const params = Type.Object({ recordingId: Id })
const FileName = Type.Object({ base64: Type.String({ description: 'the raw bytes of the name' }), text: Type.String() })

/** What was taken in but does not fit: resolved by custodian and supervisor together. */
export function quarantineRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  batchRoutes(server, deps)
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
                name: FileName,
                reason: Type.String(),
                sealedAt: Time,
                sha256: Hex,
                bytes: Type.Integer(),
                proposal: Null(
                  Type.Object({
                    id: Id,
                    outcome: Outcome,
                    reason: Type.String(),
                    proposedBy: Someone,
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

const BatchList = Type.Object({
  id: Id,
  items: Type.Array(
    Type.Object({
      recordingId: Id,
      proposalId: Id,
      deviceSerial: Type.String(),
      name: FileName,
      bytes: Type.Integer(),
      sha256: Hex,
      outcome: Outcome,
      reason: Type.String(),
      object: Type.String({ description: 'as the signed list names it' }),
      putUpSha256: Type.String({ description: 'digest of the event that proposed it, as the signed list names it' }),
    }),
    { description: 'in the order of the signed list' },
  ),
  sha256: Type.Object(
    { confirmed: Hex, refused: Hex },
    { description: 'digest of the list that is signed, as it is to be confirmed or turned down' },
  ),
})

/** A whole card at once: proposed, shown item by item, and decided by one signature over that list. */
function batchRoutes(server: Server, { db, clock }: AccessDeps): void {
  const batchParams = Type.Object({ batchId: Id })
  server.post(
    '/quarantine/batches',
    {
      config: { access: rolesThatMay('quarantine.propose'), event: 'quarantine.proposed' },
      schema: {
        summary:
          'Propose what becomes of a whole card, or of what came of it in one hand-in, that stood on no signed list',
        description: `At most ${batchItemsMax} recordings, an event for each. Of equal files the first is accepted and the others are kept apart.`,
        body: Type.Object({
          deviceSerial: Words(64),
          handInId: Type.Optional(Null(Id)),
          outcome: Outcome,
          reason: Words(1000, 4),
        }),
        response: {
          201: Type.Object({
            id: Id,
            recordings: Type.Integer(),
            twins: Type.Integer({ description: 'kept apart: equal files of this card' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const { handInId = null, ...batch } = request.body
      return reply.code(201).send(await proposeBatch(db, clock, callerOf(request), { ...batch, handInId }))
    },
  )

  server.get(
    '/quarantine/batches/:batchId',
    {
      config: { access: rolesThatMay('quarantine.read'), event: null },
      schema: {
        summary: 'What waits of a batch, item by item, with the digest that is signed',
        params: batchParams,
        response: { 200: BatchList },
      },
    },
    async (request) => {
      const { items, ...batch } = await showBatch(db, request.params.batchId)
      return { ...batch, items: [...items] }
    },
  )

  server.post(
    '/quarantine/batches/:batchId/decision',
    {
      config: { access: rolesThatMay('quarantine.decide'), event: 'quarantine.resolved' },
      schema: {
        summary: 'Confirm all of a batch that still waits, or turn it down, by one signature over its list',
        params: batchParams,
        body: Type.Object({
          confirmed: Type.Boolean(),
          sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the list as it was shown' }),
        }),
        response: { 200: Type.Object({ listId: Id, sha256: Hex, recordings: Type.Integer() }) },
      },
    },
    async (request) => {
      const { batchId } = request.params
      const { listId, sha256, items } = await decideBatch(db, clock, callerOf(request), { batchId, ...request.body })
      return { listId, sha256, recordings: items.length }
    },
  )
}
