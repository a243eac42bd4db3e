import { Type } from 'typebox'
import { announceClearing } from '../custody/clearing/announce.ts'
import { endClearing } from '../custody/clearing/end.ts'
import { clearingRefusals } from '../custody/clearing/may-clear.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { clearingEndUrl, dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { ClearingBody, ClearingEndBody, Id } from './dock-schemas.ts'

const refusalWords = Object.entries(clearingRefusals)
  .map(([word, why]) => `\`${word}\` (${why})`)
  .join(', ')
/** A list of 10,000 files with their digests. */
const listBytesMax = 4 * 1024 * 1024

/** What a dock removes from a device: announced before the first file goes, closed after the last. */
export function clearingRoutes(server: Server, deps: IngestDeps): void {
  const { db, clock } = deps
  const tags = ['clearing']
  server.post(
    '/hand-ins/:id/clearings',
    {
      bodyLimit: listBytesMax,
      config: { access: [dockRole], event: 'clearing.announced' },
      schema: {
        summary: 'Announce the files that are about to be removed from a device; all of them, or none',
        description:
          'Nothing may be removed before this is answered: the ledger has signed the list then. `witnessed` needs the receipt under a witnessed checkpoint; `before_witness` three verified copies, and witnesses that are late by the setting. `fullPercent` is how full the device is; `by` who asked for it at the dock. The same request again is judged again, and refused once the clearing is closed. ' +
          `A 409 names in \`details.files\` each line that may not go as \`{number, why}\`: ${refusalWords}.`,
        tags,
        params: Type.Object({ id: Id }),
        body: ClearingBody,
        response: { 201: Type.Object({ id: Type.String() }) },
      },
    },
    async (request, reply) => {
      await requireLedgerCaughtUp(db)
      const { id: saidId, fullPercent = null, files, by } = request.body
      const asked = { saidId, handInId: request.params.id, fullPercent, files, ...(by && { by }) }
      return reply.code(201).send(await announceClearing(db, clock, principalOf(request).id, asked))
    },
  )
  server.post(
    clearingEndUrl,
    {
      config: { access: [dockRole], event: 'clearing.ended' },
      schema: {
        summary: 'Close a clearing: what was removed, and what was left and why',
        description: 'A dock that was revoked meanwhile still closes what it had announced.',
        tags,
        params: Type.Object({ id: Id }),
        body: ClearingEndBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await requireLedgerCaughtUp(db)
      const dockId = principalOf(request).id
      await endClearing(db, clock, { dockId, clearingId: request.params.id, outcomes: request.body })
      return reply.code(204).send(null)
    },
  )
}
