import { Type } from 'typebox'
import { numberAsked } from '../../custody/cases/case.ts'
import { chainOfCase, recordChainRead } from '../../custody/chain/chain.ts'
import { CaseChainBody } from '../../custody/chain/schema.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { isFault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { Words } from '../schemas.ts'

/** A case's evidence chain (证据链), and that somebody read it. */
export function chainRoutes(server: Server, deps: AccessDeps): void {
  server.get(
    '/cases/:caseId/chain',
    {
      config: { access: rolesThatMay('case.chain'), event: 'chain.read' },
      schema: {
        summary: 'Every event of every recording of a case, in order, with its proof',
        params: Type.Object({ caseId: Words(100) }),
        querystring: Type.Object({
          objects: Type.Optional(Type.Boolean({ description: 'read and hash every copy: takes long' })),
        }),
        response: { 200: CaseChainBody },
      },
    },
    async (request) => readChain(deps, callerOf(request), request.params.caseId, request.query),
  )
}

async function readChain(deps: AccessDeps, caller: Caller, caseId: string, { objects = false }: { objects?: boolean }) {
  const { db, clock, stores, settings } = deps
  const number = await numberAsked(db, caseId)
  const startedAt = clock.now()
  const note = (found: { events: number | null; findings: number | null }) =>
    db.transaction().execute((trx) => recordChainRead(trx, clock, caller, { number, objects, startedAt, ...found }))
  try {
    // Asked by number even when the row is gone: the events know the case, and that is then what the chain shows.
    const chain = await chainOfCase({ db, stores, ...settings.ledger }, number, { objects })
    await note({ events: chain.events.length, findings: chain.findings.length })
    return chain
  } catch (error) {
    // What was read of the copies by then was read.
    if (objects && !isFault(error, 'not_found')) await note({ events: null, findings: null })
    throw error
  }
}
