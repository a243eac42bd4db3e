import type { FastifyReply, FastifyRequest } from 'fastify'
import { createUpload } from '../../custody/intake/upload.ts'
import { principalOf } from '../../foundation/http/server.ts'
import { requireLedgerCaughtUp } from '../../ledger/log/backlog.ts'
import type { IngestDeps } from '../deps.ts'
import { readFileFacts } from '../file-facts.ts'
import { httpDate, parseMetadata, parseUploadLength } from './headers.ts'

/**
 * POST: "The Server MUST acknowledge a successful upload creation with the 201 Created status. The Server MUST set the
 * Location header to the URL of the created resource. This URL MAY be absolute or relative."
 *
 * "The Upload-Length header MAY be set to 0 … Such an upload is immediately complete after its creation." A body is not
 * read: creation-with-upload is not among the extensions, so the client sends its bytes by PATCH.
 */
export async function create(deps: IngestDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { headers } = request
  const bytes = parseUploadLength(
    headers['upload-length'],
    headers['upload-defer-length'],
    deps.settings.uploadBytesMax,
  )
  const facts = readFileFacts(parseMetadata(headers['upload-metadata']), bytes)
  await requireLedgerCaughtUp(deps.db)
  const metadata = typeof headers['upload-metadata'] === 'string' ? headers['upload-metadata'] : null
  const options = { idleDays: deps.settings.idleDays, metadata }
  const upload = await createUpload(deps, principalOf(request), facts, options)
  // "If the expiration is known at the creation, the Upload-Expires header MUST be included in the response."
  if (upload.state === 'receiving') reply.header('upload-expires', httpDate(upload.expires_at))
  else deps.finisher.wake()
  return reply.code(201).header('location', `/uploads/${upload.id}`).send()
}
