import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type UploadRow, uploadById, uploadOfDock } from '../../custody/intake/upload.ts'
import { requireNotEnded } from '../../custody/intake/upload-end.ts'
import { releaseUploadLease, type StopReason, takeUploadLease } from '../../custody/intake/upload-lease.ts'
import { Fault } from '../../foundation/errors.ts'
import { principalOf } from '../../foundation/http/server.ts'
import type { IngestDeps } from '../deps.ts'
import { type Body, type Received, receiveBody } from '../receive/receive-body.ts'
import { httpDate, parseChecksum, parseContentLength, parseLength, requireOffsetStream } from './headers.ts'

/**
 * PATCH: "The Server MUST acknowledge successful PATCH requests with the 204 No Content status. It MUST include the
 * Upload-Offset header containing the new offset. The new offset MUST be the sum of the offset before the PATCH request and
 * the number of bytes received and processed or stored during the current PATCH request."
 *
 * "The Upload-Offset header's value MUST be equal to the current offset of the resource … If the offsets do not match, the
 * Server MUST respond with the 409 Conflict status without modifying the upload resource." Of two at one offset the second
 * gets 423 while the first is under way.
 */
export async function patch(deps: IngestDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { headers } = request
  requireOffsetStream(headers['content-type'])
  const offset = parseLength('Upload-Offset', headers['upload-offset'])
  const body: Body = {
    stream: request.body as Readable,
    bytes: parseContentLength(headers['content-length']),
    checksum: parseChecksum(headers['upload-checksum']),
  }
  const { id } = request.params as { id: string }
  const upload = await uploadOfDock(deps, principalOf(request), id)
  requireNotEnded(upload, deps.clock.now())
  if (isComplete(upload)) {
    requireOffset(upload, offset)
    requireFits(upload, body.bytes ?? 0)
    return reply.code(204).header('upload-offset', String(upload.received_bytes)).send()
  }
  const received = await receiveUnderLease(deps, upload.id, offset, body)
  if (received.isComplete) deps.finisher.wake()
  // "This header MUST be included in every PATCH response if the upload is going to expire."
  else reply.header('upload-expires', httpDate(received.expiresAt))
  return reply.code(204).header('upload-offset', String(received.offset)).send()
}

async function receiveUnderLease(deps: IngestDeps, uploadId: string, offset: number, body: Body): Promise<Received> {
  const holder = randomUUID()
  if (!(await takeUploadLease(deps.db, uploadId, holder))) {
    throw new Fault('locked', `another request is sending bytes of upload ${uploadId}: ask for the offset with HEAD`)
  }
  try {
    // Read again: what counts is how it stands now that nobody else can move it.
    const upload = await uploadById(deps.db, uploadId)
    requireNotEnded(upload, deps.clock.now())
    requireOffset(upload, offset)
    requireFits(upload, body.bytes ?? 0)
    const receiveDeps = { ...deps, idleDays: deps.settings.idleDays }
    const receiving = receiveBody(receiveDeps, upload, holder, body)
    const letGo = deps.leases.keep(holder, {
      progress: receiving.takenTo,
      onStop: (reason) => receiving.stop(stopFault(reason, uploadId)),
    })
    return await receiving.done.finally(letGo)
  } finally {
    await releaseUploadLease(deps.db, uploadId, holder).catch((error: unknown) => {
      deps.log.warn({ err: error, uploadId }, 'a lease could not be given back; it runs out by itself')
    })
  }
}

function isComplete(upload: UploadRow): boolean {
  return upload.state !== 'receiving'
}

function requireOffset(upload: UploadRow, offset: number): void {
  if (offset === upload.received_bytes) return
  throw new Fault('offset_differs', `Upload-Offset: ${offset}, but the upload stands at ${upload.received_bytes}`, {
    details: { field: 'Upload-Offset', offset: upload.received_bytes },
  })
}

function requireFits(upload: UploadRow, bodyBytes: number): void {
  if (upload.received_bytes + bodyBytes <= upload.bytes) return
  throw new Fault('too_large', `the body would go beyond Upload-Length (${upload.bytes}): nothing of it was stored`, {
    details: { bytesMax: upload.bytes },
  })
}

function stopFault(reason: StopReason, uploadId: string): Fault {
  if (reason === 'revoked') return new Fault('not_signed_in', 'the token of this dock was revoked')
  return new Fault('locked', `another request has asked for upload ${uploadId}: go on from the offset that HEAD gives`)
}
