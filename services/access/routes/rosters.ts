import { Type } from 'typebox'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { enterRoster } from '../../custody/rosters/import.ts'
import { type RosterLine, rosterBetween } from '../../custody/rosters/roster.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Beginning, beginningOf, End, endOf, Id, Null, Time } from '../schemas.ts'

const csvCharactersMax = 200_000
const dayMs = 24 * 60 * 60_000

const WrittenLine = {
  personId: Id,
  serial: Null(Type.String({ description: 'null: with whatever device' })),
  day: Type.String(),
  from: Time,
  to: Time,
}
const Line = Type.Object({ id: Id, ...WrittenLine })

/** The roster (排班): who is on duty when, with which device. */
export function rosterRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.get(
    '/rosters',
    {
      config: { access: rolesThatMay('roster.read'), event: null },
      schema: {
        summary: 'Lines of the roster that have a moment in this span; a day before and after now unless it is named',
        querystring: Type.Object({ from: Type.Optional(Beginning), to: Type.Optional(End) }),
        response: { 200: Type.Object({ lines: Type.Array(Line) }) },
      },
    },
    async (request) => {
      const now = clock.now()
      const { from, to } = request.query
      const span = {
        from: from === undefined ? new Date(now.getTime() - dayMs) : beginningOf('from', from),
        to: to === undefined ? new Date(now.getTime() + dayMs) : endOf('to', to),
      }
      return { lines: (await rosterBetween(db, span)).map((line) => ({ id: line.id, ...shownLine(line) })) }
    },
  )

  server.post(
    '/rosters',
    {
      config: { access: rolesThatMay('roster.enter'), event: 'roster.entered' },
      schema: {
        summary: 'Enter a roster of a CSV text; it replaces the lines of the days that it names',
        description:
          'Columns person (account or officer number), device (serial or empty), day (2026-12-01), from, to (08:30, in Asia/Shanghai; not later than `from`: on the next day), or 人员,设备,日期,开始,结束. Refused as a whole when a line is wrong; the same roster again changes nothing.',
        querystring: Type.Object({ preview: Type.Optional(Type.Boolean()) }),
        body: Type.Object({ csv: Type.String({ minLength: 1, maxLength: csvCharactersMax }) }),
        response: {
          200: Type.Object({
            preview: Type.Boolean(),
            days: Type.Array(Type.String()),
            added: Type.Array(Type.Object(WrittenLine)),
            withdrawn: Type.Array(Line),
            unchanged: Type.Integer(),
          }),
        },
      },
    },
    async (request) => {
      const { preview = false } = request.query
      const change = await enterRoster(db, clock, callerOf(request), request.body.csv, { preview })
      return {
        preview,
        days: [...change.days],
        added: change.added.map(shownLine),
        withdrawn: change.withdrawn.map((line) => ({ id: line.id, ...shownLine(line) })),
        unchanged: change.unchanged,
      }
    },
  )
}

function shownLine({ personId, serial, day, from, to }: Omit<RosterLine, 'id'>) {
  return { personId, serial, day, from: from.toISOString(), to: to.toISOString() }
}
