import { Type } from 'typebox'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { seatActs, seatStates } from '../../custody/seats/acts.ts'
import { seatFacts } from '../../custody/seats/facts.ts'
import { forecastSeats } from '../../custody/seats/forecast.ts'
import { parts } from '../../custody/seats/room.ts'
import { shownForecast } from '../../custody/seats/shown.ts'
import type { Server } from '../../foundation/http/server.ts'
import type { AccessDeps } from '../deps.ts'
import { Id, Null, RoleWord, Time } from '../schemas.ts'

const Outcome = Type.Object({
  act: Type.Enum(Object.keys(seatActs) as (keyof typeof seatActs)[]),
  role: Null(RoleWord),
  personId: Null(Id),
  state: Type.Enum([...seatStates], { description: 'the worst of the whole time' }),
  from: Time,
  by: Type.Array(
    Type.Object({
      part: Type.Enum([...parts]),
      people: Type.Array(Type.String({ description: 'ids; concerned: the person whom it is about; newcomer' })),
    }),
  ),
})

const Forecast = Type.Object({
  from: Time,
  until: Time,
  people: Type.Array(
    Type.Object({ id: Id, name: Type.String(), account: Type.String(), role: RoleWord, inOffice: Type.Boolean() }),
  ),
  absences: Type.Array(Type.Object({ away: Type.Array(Id), outcomes: Type.Array(Outcome) })),
})

/** What stops, and who could still do the rest, while somebody is away. */
export function seatRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.get(
    '/seats',
    {
      config: { access: rolesThatMay('seats.read'), event: null },
      schema: {
        summary: 'What stops while nobody, any one person or any two are away',
        description:
          'For the working days of the setting seats.away_working_days. A new account can wait for the return.',
        response: { 200: Forecast },
      },
    },
    async () => shownForecast(forecastSeats(await seatFacts(db, clock.now()))),
  )
}
