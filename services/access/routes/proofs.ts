import { Type } from 'typebox'
import { recordProofRead } from '../../custody/chain/proof-read.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { isId } from '../../foundation/id.ts'
import { newestFor, provenEvent } from '../../ledger/log/disclosed-event.ts'
import { consistencyBetween, tlogProof } from '../../ledger/log/proofs.ts'
import { checkpointOfSize } from '../../ledger/log/witnessed.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Decimal, Hex, Id, Null, TextAnswer, Time } from '../schemas.ts'

const open = { access: 'anyone', event: null } as const

/** An event with everything that is needed to check it offline. */
export const ProvenEventBody = Type.Object({
  id: Id,
  index: Type.Integer(),
  body: Type.String({ description: 'the event, RFC 8785' }),
  salt: Hex,
  entry: Type.String({ description: 'the public entry, which commits to salt and body' }),
  leafHash: Hex,
  proof: Type.String({ description: 'c2sp.org/tlog-proof' }),
  checkpoint: Type.Object({
    size: Type.Integer(),
    root: Type.String({ description: 'base64' }),
    at: Time,
    witnessedAt: Null(Time),
  }),
})

/** Proofs for whoever does not want to read all tiles. The open ones hold commitments only. */
export function proofRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.get(
    '/ledger/proofs/:index',
    {
      config: open,
      schema: {
        summary: 'Proof of one entry against the newest witnessed checkpoint that covers it, else the newest',
        params: Type.Object({ index: Decimal }),
        response: { 200: TextAnswer('text/plain', 'c2sp.org/tlog-proof') },
      },
    },
    async (request, reply) => {
      const index = Number(request.params.index)
      const checkpoint = await newestFor(db, index)
      if (!checkpoint) throw new Fault('not_found', `no checkpoint covers the entry ${index} yet`)
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="${index}.tlog-proof"`)
        .send(await tlogProof(db, index, checkpoint))
    },
  )

  server.get(
    '/ledger/consistency',
    {
      config: open,
      schema: {
        summary: 'Proof that the tree of one published checkpoint begins with that of another',
        querystring: Type.Object({ from: Decimal, to: Decimal }),
        response: {
          200: Type.Object({
            from: Type.String({ description: 'the older checkpoint, a signed note' }),
            to: Type.String({ description: 'the newer one' }),
            proof: Type.Array(Type.String({ description: 'base64, RFC 6962 §2.1.2' })),
          }),
        },
      },
    },
    async (request) => {
      const [from, to] = [Number(request.query.from), Number(request.query.to)]
      if (from > to) throw new Fault('bad_request', `from: ${from} is beyond to: ${to}`)
      const [older, newer] = [await checkpointOfSize(db, from), await checkpointOfSize(db, to)]
      const missing = older ? to : from
      if (!older || !newer) throw new Fault('not_found', `no checkpoint of ${missing} leaves was published`)
      const proof = await consistencyBetween(db, from, to)
      return { from: older.note, to: newer.note, proof: proof.map((hash) => hash.toString('base64')) }
    },
  )

  server.get(
    '/events/:eventId/proof',
    {
      config: { access: rolesThatMay('proof.read'), event: 'proof.read' },
      schema: {
        summary: 'An event with body, salt and proof, against the newest witnessed checkpoint, else the newest',
        params: Type.Object({ eventId: Id }),
        response: { 200: ProvenEventBody },
      },
    },
    async (request) => {
      const { eventId } = request.params
      const event = isId(eventId) ? await provenEvent(db, eventId, newestFor) : null
      if (!event) throw new Fault('not_found', 'there is no such event, or no checkpoint covers it yet')
      const caller = callerOf(request)
      await db.transaction().execute((trx) => recordProofRead(trx, clock, caller, event))
      return withTimes(event)
    },
  )
}

/** Times as they stand in JSON. */
export function withTimes<E extends { checkpoint: { at: Date; witnessedAt: Date | null } }>(event: E) {
  const { at, witnessedAt, ...checkpoint } = event.checkpoint
  return {
    ...event,
    checkpoint: { ...checkpoint, at: at.toISOString(), witnessedAt: witnessedAt?.toISOString() ?? null },
  } as Omit<E, 'checkpoint'> & {
    checkpoint: Omit<E['checkpoint'], 'at' | 'witnessedAt'> & { at: string; witnessedAt: string | null }
  }
}
