import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { numberAsked } from '../../custody/cases/case.ts'
import { chainOfCase, recordChainRead } from '../../custody/chain/chain.ts'
import { CaseChainBody } from '../../custody/chain/schema.ts'
import { standingLost } from '../../custody/people/session.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import type { DownloadEnd } from '../../foundation/db/words.ts'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import { watchLongAnswer } from '../long-answer.ts'
import { Words } from '../schemas.ts'

/** A case’s evidence chain (证据保管链), and that somebody read it. */
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
    (request) => readChain(deps, request, request.params.caseId, request.query),
  )
}

async function readChain(
  deps: AccessDeps,
  request: FastifyRequest,
  caseId: string,
  { objects = false }: { objects?: boolean },
) {
  const { db, clock, stores, settings } = deps
  const caller = callerOf(request)
  const number = await numberAsked(db, caseId)
  const startedAt = clock.now()
  const note = (found: { events: number | null; findings: number | null; ended?: DownloadEnd }) =>
    db.transaction().execute((trx) => recordChainRead(trx, clock, caller, { number, objects, startedAt, ...found }))
  const reading = objects ? watchReading(deps, request, caller) : null
  try {
    // Asked by number even when the row is gone: the events know the case, and that is then what the chain shows.
    const options = { objects, signal: reading?.signal }
    const chain = await chainOfCase({ db, stores, ...settings.ledger }, number, options)
    await note({ events: chain.events.length, findings: chain.findings.length })
    return chain
  } catch (error) {
    const ended = reading?.ended() ?? undefined
    // What was read of the copies by then was read.
    if (objects && !isFault(error, 'not_found')) await note({ events: null, findings: null, ended })
    throw error
  } finally {
    reading?.stop()
  }
}

/** Reading copies takes long: it stops when the reader leaves, or loses the right to what he asked for. */
function watchReading({ db, clock, settings }: AccessDeps, request: FastifyRequest, caller: Caller) {
  const controller = new AbortController()
  let why: DownloadEnd | null = null
  const end = (reason: DownloadEnd) => {
    why ??= reason
    controller.abort(
      new Fault('not_signed_in', 'the reading was stopped: you may not read this any more, or have left'),
    )
  }
  const watch = watchLongAnswer({
    askAgainMs: settings.askAgainMs,
    lost: () => standingLost(db, clock, { ...caller, inUse: true }, settings.signIn),
    cut: (reason, cause) => {
      request.log.warn({ err: cause, why: reason }, 'the reading of a chain was stopped')
      end(reason)
    },
  })
  const left = () => end('client_gone')
  request.raw.socket.once('close', left)
  return {
    signal: controller.signal,
    ended: () => why,
    stop: () => {
      watch.stop()
      request.raw.socket.off('close', left)
    },
  }
}
