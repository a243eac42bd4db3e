import { Type } from 'typebox'
import { lightActs } from '../../custody/lists/light-acts.ts'
import { listItemsMax, showList, signList } from '../../custody/lists/sign-list.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { Fault } from '../../foundation/errors.ts'
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
          'one card or of one reason, of accounts those of officers and assistants. A change of a keeper, a dock, and a card or code for docks are named twice by their own id. An item that cannot be decided is named, and nothing is decided then. With `preview` nothing is decided: the list is shown in words, with the digest that is signed.',
        querystring: Type.Object({ preview: Type.Optional(Type.Boolean()) }),
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
          sha256: Type.Optional(
            Type.String({ pattern: '^[0-9a-f]{64}$', description: 'of the list as the preview showed it' }),
          ),
        }),
        response: {
          200: Type.Object({
            listId: Id,
            sha256: Hex,
            items: Type.Array(Type.Object({ id: Id, proposalId: Id, zh: Type.String(), en: Type.String() })),
          }),
          201: Type.Object({
            listId: Id,
            sha256: Hex,
            items: Type.Array(Type.Object({ id: Id, outcome: Null(Type.String()), code: Code })),
          }),
        },
      },
    },
    async (request, reply) => {
      const { sha256, ...list } = request.body
      if (request.query.preview) {
        const shown = await showList(db, callerOf(request), list)
        return reply.code(200).send({ ...shown, items: [...shown.items] })
      }
      if (sha256 === undefined) {
        throw new Fault('bad_request', 'sha256: look at the list first (?preview=true), and sign its digest')
      }
      const signed = await signList(db, clock, callerOf(request), { ...list, sha256 })
      return reply.code(201).send({ ...signed, items: [...signed.items] })
    },
  )
}
