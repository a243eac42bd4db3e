import { Type } from 'typebox'
import { listOrders, orderTimestamp } from '../../custody/anchoring/timestamp-order.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { timestampReasons } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { listTimestamps, stampedNote, timestampOf } from '../../ledger/authority/timestamps.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { BytesAnswer, Decimal, Id, Limit, Null, TextAnswer, Time } from '../schemas.ts'

const open = { access: 'anyone', event: null } as const
const immutable = 'public, max-age=31536000, immutable'
const Size = Type.Integer({ minimum: 0, description: 'leaves of the checkpoint' })

/**
 * Time-stamps over the ledger's checkpoints (RFC 3161). The tokens are open like the checkpoints that they are of: they hold
 * a digest, a time and an authority's name. How orders stand is for those who keep the system.
 */
export function timestampRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.post(
    '/ledger/timestamps',
    {
      config: { access: rolesThatMay('timestamp.request'), event: 'timestamp.requested' },
      schema: {
        summary: 'Order a time-stamp over the newest checkpoint from every authority',
        response: { 202: Type.Object({ orderId: Id, size: Size }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const order = await db
        .transaction()
        .execute((trx) => orderTimestamp(trx, clock, { reason: 'demand', actor: caller }))
      return reply.code(202).send({ orderId: order.id, size: order.size })
    },
  )

  server.get(
    '/ledger/timestamps',
    {
      config: open,
      schema: {
        summary: 'The time-stamps that are stored, the newest checkpoint first',
        querystring: Type.Object({ before: Type.Optional(Decimal), limit: Limit }),
        response: {
          200: Type.Object({
            timestamps: Type.Array(
              Type.Object({ size: Size, authority: Type.String(), stampedAt: Time, receivedAt: Time }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { before, limit = 50 } = request.query
      const page = { before: before === undefined ? null : Number(before), limit }
      const timestamps = await listTimestamps(db, page)
      return {
        timestamps: timestamps.map(({ stampedAt, receivedAt, ...rest }) => ({
          ...rest,
          stampedAt: stampedAt.toISOString(),
          receivedAt: receivedAt.toISOString(),
        })),
      }
    },
  )

  orderRoute(server, deps)

  server.get(
    '/ledger/timestamps/:size',
    {
      config: open,
      schema: {
        summary: 'The bytes that time-stamps over this size are of: the signed note as the log wrote it',
        params: Type.Object({ size: Decimal }),
        response: { 200: TextAnswer('text/plain', 'a signed note') },
      },
    },
    async (request, reply) => {
      const size = Number(request.params.size)
      const note = await stampedNote(db, size)
      if (note === null) throw new Fault('not_found', `there is no checkpoint of ${size} leaves`)
      return reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', immutable)
        .header('content-disposition', `attachment; filename="${size}.checkpoint"`)
        .send(note)
    },
  )

  server.get(
    '/ledger/timestamps/:size/:authority',
    {
      config: open,
      schema: {
        summary: 'A time-stamp as its authority gave it: TimeStampResp, DER',
        params: Type.Object({ size: Decimal, authority: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) }),
        response: { 200: BytesAnswer(['application/timestamp-reply'], 'TimeStampResp, DER') },
      },
    },
    async (request, reply) => {
      const { authority } = request.params
      const size = Number(request.params.size)
      const response = await timestampOf(db, size, authority)
      if (!response) throw new Fault('not_found', `there is no time-stamp of ${authority} over ${size} leaves`)
      return reply
        .type('application/timestamp-reply')
        .header('cache-control', immutable)
        .header('content-disposition', `attachment; filename="${size}-${authority}.tsr"`)
        .send(response)
    },
  )
}

function orderRoute(server: Server, { db }: AccessDeps): void {
  const authority = Type.Object({
    name: Type.String(),
    attempts: Type.Integer(),
    doneAt: Null(Time),
    nextAt: Null(Time),
    lastError: Null(Type.String()),
  })
  const order = Type.Object({
    id: Id,
    size: Size,
    reason: Type.Enum([...timestampReasons]),
    requestedBy: Null(Id),
    requestedAt: Time,
    authorities: Type.Array(authority),
  })
  server.get(
    '/ledger/timestamps/orders',
    {
      config: { access: rolesThatMay('ledger.state'), event: null },
      schema: {
        summary: 'How the last orders of time-stamps stand with each authority',
        querystring: Type.Object({ limit: Limit }),
        response: { 200: Type.Object({ orders: Type.Array(order) }) },
      },
    },
    async (request) => {
      const orders = await listOrders(db, request.query.limit ?? 50)
      const iso = (time: Date | null) => time?.toISOString() ?? null
      return {
        orders: orders.map((one) => ({
          ...one,
          requestedAt: one.requestedAt.toISOString(),
          authorities: one.authorities.map((tried) => ({
            ...tried,
            doneAt: iso(tried.doneAt),
            nextAt: iso(tried.nextAt),
          })),
        })),
      }
    },
  )
}
