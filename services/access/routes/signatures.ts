import { Type } from 'typebox'
import { lightActs } from '../../custody/lists/light-acts.ts'
import { listItemsMax, signList } from '../../custody/lists/sign-list.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, Null } from '../schemas.ts'

const actions = Object.values(lightActs).map(({ action }) => action)

const Code = Null(Type.String({ description: 'of a released account, for its holder; shown once' }))

/** Light acts that are signed together; everything else has a route of its own. */
export function signatureRoutes(server: Server, { db, clock }: AccessDeps): void {
  server.post(
    '/signatures/lists',
    {
      config: { access: rolesThatMay(...actions), event: 'quarantine.resolved' },
      schema: {
        summary: 'Decide several light acts of one kind by one signature, all or none',
        description:
          `At most ${listItemsMax} items, each named by its id and the proposal that was looked at; of quarantine those of ` +
          'one card or of one reason, of accounts those of officers and assistants. A change of a keeper and a dock are named twice by their own id. An item that cannot be decided is named, and nothing is decided then.',
        body: Type.Object({
          confirmed: Type.Boolean({ description: 'false turns all of them down' }),
          items: Type.Array(
            Type.Object({
              act: Type.String({ maxLength: 100, description: `one of: ${Object.keys(lightActs).join(', ')}` }),
              id: Id,
              proposalId: Id,
            }),
            // Longer lists are refused with a sentence of their own.
            { maxItems: 1000 },
          ),
        }),
        response: {
          201: Type.Object({
            listId: Id,
            sha256: Hex,
            items: Type.Array(Type.Object({ id: Id, outcome: Null(Type.String()), code: Code })),
          }),
        },
      },
    },
    async (request, reply) => {
      const signed = await signList(db, clock, callerOf(request), request.body)
      return reply.code(201).send({ ...signed, items: [...signed.items] })
    },
  )
}
