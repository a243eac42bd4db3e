import type { FastifyReply, FastifyRequest } from 'fastify'
import { uploadOfDock } from '../../custody/intake/upload.ts'
import { terminateUpload } from '../../custody/intake/upload-end.ts'
import { endUploadLease } from '../../custody/intake/upload-lease.ts'
import { removeTails } from '../../custody/intake/upload-tail.ts'
import { principalOf } from '../../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../../ledger/log/backlog.ts'
import type { IngestDeps } from '../deps.ts'

const releasePatienceMs = 900

/**
 * DELETE: "When receiving a DELETE request for an existing upload the Server SHOULD free associated resources and MUST
 * respond with the 204 No Content status confirming that the upload was terminated. For all future requests to this URL,
 * the Server SHOULD respond with the 404 Not Found or 410 Gone status."
 *
 * Only an unfinished upload: what arrived whole was accepted, and is kept.
 */
export async function terminate(deps: IngestDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const dock = principalOf(request)
  const { id } = request.params as { id: string }
  const before = await uploadOfDock(deps, dock, id)
  if (before.state === 'receiving') {
    await requireLedgerCaughtUp(deps.db)
    await endUploadLease(deps.db, id, releasePatienceMs)
  }
  const upload = await uploadOfDock(deps, dock, id)
  await terminateUpload(deps, dock, upload)
  deps.hashes.forget(id)
  await freeParts(deps, upload)
  return reply.code(204).send()
}

/** The upload is over already; what the store still holds of it costs space only, and is removed as far as possible. */
async function freeParts(deps: IngestDeps, upload: Awaited<ReturnType<typeof uploadOfDock>>): Promise<void> {
  const { object_key: key, multipart_id: multipartId } = upload
  try {
    if (multipartId) await deps.store.abortMultipart({ bucket: 'originals', key, multipartId })
    await removeTails(deps.store, upload.id)
  } catch (error) {
    deps.log.warn({ err: error, uploadId: upload.id }, 'the parts of a terminated upload stay behind in the store')
  }
}
