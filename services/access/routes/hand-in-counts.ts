import { Type } from 'typebox'
import { countHandIns, finishedDays, handInsWithin, trafficOf } from '../../custody/hand-ins/hand-in-counts.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Beginning, beginningOf, End, endOf, InBothLanguages, Null, Someone } from '../schemas.ts'

const dayMs = 24 * 60 * 60_000
const Count = Type.Integer()
/** The files of a list, counted by how they stand. */
export const HandInFiles = Type.Object({
  total: Count,
  bytes: Count,
  marked: Count,
  expected: Count,
  receiving: Count,
  complete: Count,
  sealed: Count,
  quarantined: Count,
  duplicate: Count,
  receipts: Type.Integer({ description: 'issued, provisional ones among them' }),
})
const GapTotals = Type.Object({
  open: Count,
  explained: Count,
  accepted: Count,
  overdue: Type.Integer({ description: 'of the open ones: not explained although the term is over' }),
})

const Withheld = Type.Object(
  { days: Count, words: InBothLanguages },
  {
    description:
      'days that are left out of all numbers of this dock, and why: their numbers would be those of one hand-in; only for whoever may not read hand-ins',
  },
)

/** How much was handed in, for whoever keeps docks running and may not see whose it is. */
export function handInCountRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.get(
    '/hand-ins/counts',
    {
      config: { access: rolesThatMay('hand_in.count'), event: null },
      schema: {
        summary:
          'Hand-ins of a span counted by dock, without anybody’s name; of the last day unless it is named. Whoever may not read hand-ins is told how much came on whole days that are over, without the days on which a dock had a single hand-in',
        querystring: Type.Object({ from: Type.Optional(Beginning), to: Type.Optional(End) }),
        response: {
          200: Type.Object({
            docks: Type.Array(
              Type.Object({
                dock: Someone,
                handIns: Count,
                incomplete: Type.Integer({ description: 'with files of the list that have not come' }),
                files: Type.Object({
                  ...Type.Pick(HandInFiles, ['total', 'bytes', 'expected', 'receiving', 'complete']).properties,
                  ...Type.Partial(Type.Pick(HandInFiles, ['marked', 'sealed', 'quarantined', 'duplicate', 'receipts']))
                    .properties,
                }),
                gaps: Type.Optional(GapTotals),
                selfTests: Type.Object(
                  { total: Count, incomplete: Count },
                  { description: 'the station’s tests of itself, which count apart; incomplete: broken off' },
                ),
                withheld: Type.Optional(Null(Withheld)),
              }),
            ),
            missingHandIns: Type.Optional(
              Type.Object(
                { ...GapTotals.properties },
                { description: 'shifts after which nothing was handed in (应交未交), by when that was found' },
              ),
            ),
          }),
        },
      },
    },
    async (request) => {
      const now = clock.now()
      const { from, to } = request.query
      if (!may(callerOf(request).role, 'hand_in.read_all')) {
        return { docks: trafficOf(await handInsWithin(db, finishedDays(request.query, now))) }
      }
      const end = to === undefined ? now : endOf('to', to)
      const span = { from: from === undefined ? new Date(end.getTime() - dayMs) : beginningOf('from', from), to: end }
      return countHandIns(db, span, now)
    },
  )
}
