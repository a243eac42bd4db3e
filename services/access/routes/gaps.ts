import { Type } from 'typebox'
import { type ProposalGround, proposalGrounds } from '../../custody/events/hand-in-words.ts'
import { confirmExplanation, explainGap } from '../../custody/hand-ins/explanations.ts'
import { decideGap } from '../../custody/hand-ins/gap-decision.ts'
import { listGaps, type ShownGap } from '../../custody/hand-ins/gap-list.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import { refuseAnothers } from '../../custody/roles/refusal.ts'
import { deviceStates, gapKinds, gapReasons, gapStates, identityGrades } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { Id, InBothLanguages, NoContent, Null, Someone, Time, Words } from '../schemas.ts'

const params = Type.Object({ gapId: Id })
const Beside = Null(Type.Object({ number: Type.Integer(), name: Null(Type.String()) }))
const gapsMax = 500

export const Gap = Type.Object({
  id: Id,
  kind: Type.Enum([...gapKinds]),
  kindWords: InBothLanguages,
  deviceSerial: Type.String(),
  handInId: Null(Id),
  person: Null(Type.Object({ ...Someone.properties }, { description: 'whose it is to explain' })),
  before: Beside,
  after: Beside,
  fromTime: Null(Type.String({ description: 'by the clock of the device; of a missing hand-in the shift' })),
  toTime: Null(Type.String()),
  lengthMs: Null(Type.Integer()),
  missingNumbers: Null(Type.Integer()),
  lineNumbers: Type.Array(Type.Integer(), {
    description: 'lines of the list that had not come when the term was over',
  }),
  stillMissing: Null(Type.Integer({ description: 'how many of these have not come since' })),
  deviceState: Null(
    Type.Enum([...deviceStates], {
      description: 'of a missing hand-in: the device was in service at no moment of the shift',
    }),
  ),
  proposed: Null(
    Type.Object({
      reason: Type.Enum([...gapReasons]),
      because: Type.Enum(Object.keys(proposalGrounds) as ProposalGround[]),
      value: Type.Integer(),
    }),
  ),
  foundAt: Time,
  dueAt: Time,
  state: Type.Enum([...gapStates]),
  stateWords: InBothLanguages,
  overdue: Type.Boolean(),
  explanations: Type.Array(
    Type.Object({
      id: Id,
      reason: Type.Enum([...gapReasons]),
      reasonWords: InBothLanguages,
      words: Null(Type.String()),
      by: Null(Someone),
      grade: Type.Enum([...identityGrades]),
      gradeWords: InBothLanguages,
      identified: Type.Boolean({
        description: 'the service itself knew the person by that grade; else it is what somebody at the dock claimed',
      }),
      saidAt: Null(Type.String()),
      at: Time,
      confirmBy: Null(Time),
      confirmedAt: Null(Time),
      isOwn: Null(Type.Boolean()),
    }),
  ),
  decision: Null(Type.Object({ by: Someone, at: Time, reason: Null(Type.String()) })),
})

/** Gaps (中断) of hand-ins, and hand-ins that never came: explained by the officer, decided on by the custodian. */
export function gapRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  const read = rolesThatMay('gap.read_own', 'gap.read_all')
  server.get(
    '/gaps',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Gaps that wait first, the earliest due first; an officer’s own only',
        querystring: Type.Object({
          kind: Type.Optional(Type.Enum([...gapKinds])),
          state: Type.Optional(Type.Enum([...gapStates])),
          overdue: Type.Optional(Type.Boolean()),
          handInId: Type.Optional(Id),
          deviceSerial: Type.Optional(Words(64)),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: gapsMax, default: 100 })),
        }),
        response: { 200: Type.Object({ gaps: Type.Array(Gap) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { limit = 100, ...filter } = request.query
      const personId = may(caller.role, 'gap.read_all') ? undefined : caller.id
      return { gaps: await listGaps(db, { ...filter, limit, ...(personId && { personId }) }, clock.now()) }
    },
  )

  server.post(
    '/gaps/:gapId/explanations',
    {
      config: { access: rolesThatMay('gap.explain_own', 'gap.explain_missing'), event: 'gap.explained' },
      schema: {
        summary: 'Explain a gap of one’s own, or add to what was said; a supervisor, why nothing was handed in',
        params,
        body: Type.Object({ reason: Type.Enum([...gapReasons]), words: Type.Optional(Null(Words(400))) }),
        response: { 201: Type.Object({ id: Id }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { gapId } = request.params
      const { reason, words = null } = request.body
      await requireExplainable(deps, caller, gapId)
      return reply.code(201).send(await explainGap(db, clock, caller, { gapId, reason, words }))
    },
  )

  server.post(
    '/gaps/:gapId/explanations/:explanationId/confirmation',
    {
      config: { access: rolesThatMay('gap.explain_own'), event: 'gap.confirmed' },
      schema: {
        summary: 'Say whether what was explained at a dock in one’s name is one’s own',
        params: Type.Object({ gapId: Id, explanationId: Id }),
        body: Type.Object({ isOwn: Type.Boolean() }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { isOwn } = request.body
      await confirmExplanation(db, clock, callerOf(request), { ...request.params, isOwn })
      return reply.code(204).send(null)
    },
  )

  server.post(
    '/gaps/:gapId/decision',
    {
      config: { access: rolesThatMay('gap.decide'), event: 'gap.accepted' },
      schema: {
        summary: 'Accept an explanation, or return it with a reason',
        params,
        body: Type.Object({ accept: Type.Boolean(), reason: Type.Optional(Null(Words(400, 2))) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const { gapId } = request.params
      const { accept, reason = null } = request.body
      if (!accept && reason === null) {
        throw new Fault('bad_request', 'reason: an explanation is returned with a reason', {
          details: { field: 'reason' },
        })
      }
      const decision = accept ? { accept, reason } : { accept: false as const, reason: reason! }
      await decideGap(db, clock, callerOf(request), { gapId, ...decision })
      return reply.code(204).send(null)
    },
  )
}

/** @throws not_found for a gap that this person may not explain, with the refusal's event */
async function requireExplainable({ db, clock }: AccessDeps, caller: Caller, id: string): Promise<void> {
  const [gap] = await listGaps(db, { id, limit: 1 }, clock.now())
  if (gap && mayExplain(gap, caller)) return
  const subject = gap ? { type: 'gap', id } : null
  await refuseAnothers(db, clock, { actor: caller, what: 'gap', id, subject })
}

function mayExplain(gap: ShownGap, { id, role }: Caller): boolean {
  if (gap.kind === 'missing_hand_in' && may(role, 'gap.explain_missing')) return true
  return may(role, 'gap.explain_own') && gap.person?.id === id
}
