import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { createReceivedUpload, partBytesFor, type UploadFacts, uploadOfDock } from '../custody/intake/upload.ts'
import { Fault } from '../foundation/errors.ts'
import { closeIfItGoesOn } from '../foundation/http/linger.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { newId } from '../foundation/id.ts'
import { originalKey } from '../foundation/store/keys.ts'
import type { UploadedPart } from '../foundation/store/store.ts'
import { textFault } from '../foundation/stored-text.ts'
import { requireLedgerCaughtUp } from '../ledger/log/backlog.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'
import { readFileFacts } from './file-facts.ts'
import { readBody } from './receive/body-reader.ts'
import { type Gathering, gather } from './receive/buffered.ts'
import { type Cursor, type PartTarget, sendBuffer } from './receive/part-sender.ts'
import { stateOf, uploadState } from './upload-state.ts'

const fieldBytesMax = 8 * 1024
const answer = Type.Object({
  uploadId: Type.String(),
  recordingId: Type.Union([Type.String(), Type.Null()]),
  state: uploadState.properties.state,
  sha256: Type.Union([Type.String(), Type.Null()]),
})

/** A file's bytes in the store, with no row that names them yet. */
interface ReceivedFile {
  readonly id: string
  readonly key: string
  readonly startedAt: Date
  readonly multipartId: string | null
  readonly parts: readonly UploadedPart[]
  readonly bytes: number
  readonly sha256: Buffer
}

/**
 * POST /footage: one file as a multipart form, for devices that do not speak tus. The fields come before the file, so that
 * what is wrong is said before its bytes are sent. Either the whole file is taken, or nothing of it is kept.
 */
export async function footageRoutes(server: Server, deps: IngestDeps): Promise<void> {
  await server.register(async (scope) => {
    await scope.register(multipart)
    scope.addHook('onResponse', async (request) => closeIfItGoesOn(request))
    scope.post(
      '/footage',
      {
        config: { access: [dockRole], event: 'upload.created' },
        schema: {
          summary: 'Hand in one file as a form',
          description:
            'multipart/form-data: the fields serial, filename (or filenameBase64: its raw bytes), deviceTime, clockOffsetMs, ' +
            'mark, sha256, handIn, handInNumber, then one file.',
          tags: ['form'],
          consumes: ['multipart/form-data'],
          response: { 201: answer },
        },
      },
      async (request, reply) => {
        const dock = principalOf(request)
        if (!request.isMultipart()) throw new Fault('unsupported_media', 'Content-Type: send multipart/form-data')
        await requireLedgerCaughtUp(deps.db)
        const uploadId = await takeForm(deps, dock, request)
        await deps.finisher.finishNow(uploadId)
        const { recordingId, state, sha256 } = await stateOf(deps, await uploadOfDock(deps, dock, uploadId))
        return reply.code(201).send({ uploadId, recordingId, state, sha256 })
      },
    )
  })
}

/** Reads the form; returns the upload's id, or throws and leaves nothing behind. */
async function takeForm(deps: IngestDeps, dock: { id: string }, request: FastifyRequest): Promise<string> {
  const fields = new Map<string, Buffer>()
  let taken: { facts: UploadFacts; file: ReceivedFile } | null = null
  try {
    // One byte more than is allowed is let through: the library would cut the file silently, we must see that it is longer.
    const limits = {
      fileSize: deps.settings.footageBytesMax + 1,
      files: 2,
      fields: 20,
      fieldSize: fieldBytesMax,
      parts: 22,
    }
    for await (const part of request.parts({ limits, preservePath: true })) {
      if (taken) throw bad(part.fieldname, part.type === 'file' ? 'is a second file' : 'comes after the file')
      if (part.type === 'field') {
        addField(fields, part)
        continue
      }
      const facts = readFileFacts(withName(fields, part.filename), 0)
      const file = await storeFile(deps, part.file)
      taken = { facts: { ...facts, bytes: file.bytes }, file }
    }
    if (!taken) throw bad('file', 'is missing')
    return (await createReceivedUpload(deps, dock, taken.facts, taken.file)).id
  } catch (error) {
    request.raw.unpipe()
    request.raw.resume()
    if (taken) await discard(deps, taken.file)
    throw error
  }
}

function addField(
  fields: Map<string, Buffer>,
  part: { fieldname: string; value: unknown; valueTruncated: boolean },
): void {
  if (part.valueTruncated) throw bad(part.fieldname, `is longer than ${fieldBytesMax} bytes`)
  if (fields.has(part.fieldname)) throw bad(part.fieldname, 'is given twice')
  if (typeof part.value !== 'string') throw bad(part.fieldname, 'is not text')
  fields.set(part.fieldname, Buffer.from(part.value, 'utf8'))
}

/**
 * The name's raw bytes: from `filenameBase64`, else the field `filename`, else what the file's own part says. The form's
 * parser knows UTF-8 only and puts U+FFFD for other bytes: such a name is refused, not kept as another.
 */
function withName(fields: ReadonlyMap<string, Buffer>, partName: string | undefined): ReadonlyMap<string, Buffer> {
  const encoded = fields.get('filenameBase64')?.toString('latin1')
  if (encoded !== undefined) {
    const raw = Buffer.from(encoded, 'base64')
    if (raw.toString('base64') !== encoded) throw bad('filenameBase64', 'is not base64')
    return new Map(fields).set('filename', raw)
  }
  const text = fields.get('filename')?.toString('utf8') ?? partName
  if (!text) return fields
  const fault = textFault(text)
  if (fault) throw bad('filename', fault)
  if (text.includes('\ufffd')) throw bad('filename', 'is not UTF-8: send its raw bytes as filenameBase64')
  return new Map(fields).set('filename', Buffer.from(text, 'utf8'))
}

/** Streams the file into a multipart upload of its own. Whatever goes wrong, nothing of it stays. */
async function storeFile(deps: IngestDeps, stream: Readable & { truncated?: boolean }): Promise<ReceivedFile> {
  const startedAt = deps.clock.now()
  const id = newId(startedAt)
  const key = originalKey(id, startedAt)
  const bytesMax = deps.settings.footageBytesMax
  const hash = createHash('sha256')
  const cursor: Cursor = { position: 0, partNumber: 1, hash, bodyHash: null }
  const kill = new AbortController()
  const parts: UploadedPart[] = []
  let multipartId: string | null = null
  const target = async (): Promise<PartTarget> => {
    multipartId ??= (await deps.store.startMultipart('originals', key)).multipartId
    return { store: deps.store, key, multipartId, stop: kill.signal, kill: kill.signal }
  }
  const reader = readBody(stream)
  const gathering: Gathering = { buffer: Buffer.allocUnsafe(partBytesFor(bytesMax)), filled: 0 }
  const sendGathered = async () => {
    const bytes = gathering.buffer.subarray(0, gathering.filled)
    parts.push((await sendBuffer(await target(), cursor, bytes)).part)
    gathering.filled = 0
  }
  try {
    await gather(reader, gathering, { cursor, bytesMax }, sendGathered)
    if (stream.truncated) throw new Fault('too_large', `the file is larger than ${bytesMax} bytes: nothing was stored`)
    if (gathering.filled > 0) await sendGathered()
    return { id, key, startedAt, multipartId, parts, bytes: cursor.position, sha256: hash.digest() }
  } catch (error) {
    await discard(deps, { key, multipartId })
    throw error
  } finally {
    reader.close()
  }
}

/** Gives up what the store holds of a file that was not taken. */
async function discard(deps: IngestDeps, file: { key: string; multipartId: string | null }): Promise<void> {
  if (file.multipartId === null) return
  const target = { bucket: 'originals', key: file.key, multipartId: file.multipartId } as const
  await deps.store.abortMultipart(target).catch((error: unknown) => {
    deps.log.warn({ err: error, key: file.key }, 'the parts of a file that was not taken stay behind in the store')
  })
}

function bad(field: string, problem: string): Fault {
  return new Fault('bad_request', `${field}: ${problem}`, { details: { field } })
}
