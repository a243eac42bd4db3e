import type { FastifyReply, FastifyRequest } from 'fastify'
import { uploadOfDock } from '../../custody/intake/upload.ts'
import { requireNotEnded } from '../../custody/intake/upload-end.ts'
import { endUploadLease } from '../../custody/intake/upload-lease.ts'
import { principalOf } from '../../foundation/http/server.ts'
import type { IngestDeps } from '../deps.ts'
import { httpDate } from './headers.ts'

/** How long a PATCH that is still under way may take to end when its dock asks for the offset. */
const releasePatienceMs = 900

/**
 * HEAD: "The Server MUST always include the Upload-Offset header in the response for a HEAD request … If the size of the
 * upload is known, the Server MUST include the Upload-Length header … The Server MUST prevent the client and/or proxies
 * from caching the response by adding the Cache-Control: no-store header." "If an upload contains additional metadata,
 * responses to HEAD requests MUST include the Upload-Metadata header and its value as specified by the Client."
 *
 * A dock that asks has lost its connection: a PATCH that still waits on the dead one is ended first, so that the answer is
 * the offset that holds.
 */
export async function head(deps: IngestDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const dock = principalOf(request)
  const { id } = request.params as { id: string }
  const before = await uploadOfDock(deps, dock, id)
  if (before.state === 'receiving') await endUploadLease(deps.db, before.id, releasePatienceMs)
  const upload = await uploadOfDock(deps, dock, id)
  requireNotEnded(upload, deps.clock.now())
  if (upload.metadata !== null) reply.header('upload-metadata', upload.metadata)
  if (upload.state === 'receiving') reply.header('upload-expires', httpDate(upload.expires_at))
  return reply
    .code(200)
    .header('cache-control', 'no-store')
    .header('upload-offset', String(upload.received_bytes))
    .header('upload-length', String(upload.bytes))
    .send()
}
