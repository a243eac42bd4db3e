import { Type } from 'typebox'
import { identifyAtDock } from '../custody/people/dock-identity.ts'
import { dockPassMeans } from '../foundation/db/words.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { readSerial } from './file-facts.ts'

const Serial = Type.String({ minLength: 1, maxLength: 64 })

const HandInId = Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()]))

/** Who stands at a dock, by work card or dock code. */
export function identifyRoutes(server: Server, deps: IngestDeps): void {
  const { db, clock, settings } = deps
  server.post(
    '/docks/me/identify',
    {
      config: { access: [dockRole], event: 'identity.shown' },
      schema: {
        summary: 'Who shows this work card or says this dock code',
        description:
          'For what is said of one hand-in of the device in the slot within a quarter of an hour, and nothing else: the one that is named, with null the next one, else the newest there. Each is an event; a wrong one is 403, after five for one device within 15 minutes 429. After 20 wrong codes in a day the dock takes cards only: a code is 423 until midnight, or until somebody lifts that.',
        tags: ['dock'],
        body: Type.Union([
          Type.Object({ serial: Serial, handInId: HandInId, card: Type.String({ minLength: 4, maxLength: 64 }) }),
          Type.Object({ serial: Serial, handInId: HandInId, code: Type.String({ pattern: '^[0-9]{6}$' }) }),
        ]),
        response: {
          200: Type.Object({
            person: Type.Object({
              id: Type.String(),
              name: Type.String(),
              number: Type.Union([Type.String(), Type.Null()]),
            }),
            grade: Type.Enum([...dockPassMeans]),
          }),
        },
      },
    },
    async (request) => {
      readSerial(request.body.serial)
      await requireLedgerCaughtUp(db)
      const { dockPassKey } = settings
      return identifyAtDock({ db, clock, dockPassKey }, principalOf(request), request.body)
    },
  )
}
