import { type TSchema, Type } from 'typebox'
import { type ProposalGround, proposalGrounds } from '../custody/events/hand-in-words.ts'
import { explainAtDock } from '../custody/hand-ins/explanations.ts'
import { keepGaps } from '../custody/hand-ins/gap-found.ts'
import { keepStatement } from '../custody/hand-ins/statements.ts'
import { gapReasons, statementKinds } from '../foundation/db/words.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { readTime } from './file-facts.ts'

const Null = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const done = { 204: Type.Null({ description: 'kept, now or when the same was sent before' }) }
const filesMax = 10_000
const gapsMax = 1000

const MessageId = Type.String({
  pattern: '^[A-Za-z0-9-]{1,64}$',
  description: 'made by the dock: the same again is kept once',
})
const LineNumber = Type.Integer({ minimum: 0, maximum: filesMax - 1 })
const Reason = Type.Enum([...gapReasons])
const SaidWords = Null(Type.String({ maxLength: 400 }))
const SaidTime = Type.String({ maxLength: 40, description: 'by the clock of the dock' })
const By = Type.Object(
  { personId: Null(Type.String({ maxLength: 64 })), grade: Type.Enum(['slot', 'card', 'code']) },
  {
    description:
      'who says so; `slot` is what somebody tapped. A card or code counts where this service has known the person by it at this dock (POST /docks/me/identify)',
  },
)

const gapBody = Type.Object({
  id: MessageId,
  gaps: Type.Array(
    Type.Object({
      gapId: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: 'made by the dock, its own in this hand-in' }),
      kind: Type.Enum(['time', 'number', 'not_read']),
      beforeNumber: Null(LineNumber),
      afterNumber: Null(LineNumber),
      fromTime: Null(Type.String({ maxLength: 40, description: 'by the clock of the device' })),
      toTime: Null(Type.String({ maxLength: 40 })),
      lengthMs: Null(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
      missingNumbers: Null(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      proposed: Null(
        Type.Object({
          reason: Reason,
          because: Type.Enum(Object.keys(proposalGrounds) as ProposalGround[]),
          value: Type.Number({ minimum: -1e14, maximum: 1e14, description: 'per cent or ms; kept as a whole number' }),
        }),
      ),
    }),
    { maxItems: gapsMax },
  ),
})
const explanationBody = Type.Object({
  id: MessageId,
  gapId: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }),
  reason: Reason,
  words: SaidWords,
  by: By,
  saidAt: SaidTime,
})
const statementBody = Type.Object({
  id: MessageId,
  kind: Type.Enum([...statementKinds]),
  numbers: Type.Array(LineNumber, { maxItems: filesMax, description: 'lines of the list; empty for all' }),
  words: SaidWords,
  by: By,
  saidAt: SaidTime,
})

/** What a dock passes on of a hand-in: what is missing, why, and what the officer says of it. */
export function saidRoutes(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  const tags = ['hand-in']
  server.post(
    '/hand-ins/:id/gaps',
    {
      config: { access: [dockRole], event: 'gap.found' },
      schema: { summary: 'Tell what is missing in a hand-in', tags, params, body: gapBody, response: done },
    },
    async (request, reply) => {
      const dock = principalOf(request)
      const gaps = request.body.gaps.map(({ gapId, kind, proposed, ...gap }, at) => {
        readTime(`gaps.${at}.fromTime`, gap.fromTime)
        readTime(`gaps.${at}.toTime`, gap.toTime)
        const whole = proposed && { ...proposed, value: Math.round(proposed.value) }
        return { ...gap, gapKind: kind, dockGapId: gapId, proposed: whole }
      })
      await requireLedgerCaughtUp(db)
      await keepGaps(db, clock, dock, { handInId: request.params.id, gaps })
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/hand-ins/:id/explanations',
    {
      config: { access: [dockRole], event: 'gap.explained' },
      schema: { summary: 'Pass on how a gap is explained', tags, params, body: explanationBody, response: done },
    },
    async (request, reply) => {
      const { id: messageId, gapId: dockGapId, saidAt, ...said } = request.body
      readTime('saidAt', saidAt)
      await requireLedgerCaughtUp(db)
      const explanation = { ...said, messageId, dockGapId, saidAt, handInId: request.params.id }
      await explainAtDock(db, clock, principalOf(request), explanation)
      return reply.code(204).send(null)
    },
  )
  server.post(
    '/hand-ins/:id/statements',
    {
      config: { access: [dockRole], event: 'hand_in.said' },
      schema: {
        summary: 'Pass on the officer’s word about files: not enforcement (与执法无关), no number yet (待编号事项)',
        tags,
        params,
        body: statementBody,
        response: done,
      },
    },
    async (request, reply) => {
      const { id: messageId, numbers: lineNumbers, saidAt, ...said } = request.body
      readTime('saidAt', saidAt)
      await requireLedgerCaughtUp(db)
      const statement = { ...said, messageId, lineNumbers, saidAt, handInId: request.params.id }
      await keepStatement(db, clock, principalOf(request), statement)
      return reply.code(204).send(null)
    },
  )
}
