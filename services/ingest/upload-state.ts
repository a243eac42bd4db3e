import { Type } from 'typebox'
import { dockPublicKey } from '../custody/devices/dock.ts'
import type { SignedDigest } from '../custody/intake/dock-digest.ts'
import { recordingState } from '../custody/intake/recording.ts'
import { type UploadRow, uploadOfDock } from '../custody/intake/upload.ts'
import { sayDigest } from '../custody/intake/upload-end.ts'
import { uploadStates } from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import { principalOf, type Server } from '../foundation/http/server.ts'
import { dockRole } from './authenticate.ts'
import type { IngestDeps } from './deps.ts'

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const sha256Hex = Type.String({ pattern: '^[0-9a-f]{64}$' })
const params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const digestBody = Type.Object({
  sha256: sha256Hex,
  sm3: Type.Optional(orNull(sha256Hex)),
  signature: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9+/]{86}==$',
      description:
        "the dock's Ed25519 signature in base64 over the RFC 8785 form of {v: 1, filesRoot, number, sha256, sm3}: filesRoot of the head of the upload's hand-in, number of the line on its list that the upload claims, sm3 null where it is not given",
    }),
  ),
})

export const uploadState = Type.Object({
  id: Type.String(),
  state: Type.Enum([...uploadStates]),
  bytes: Type.Integer({ description: 'length of the whole file' }),
  offset: Type.Integer({ description: 'bytes that are durable' }),
  sha256: orNull(Type.String({ description: 'of what arrived; known after the last byte' })),
  declaredSha256: orNull(Type.String({ description: 'what the dock said' })),
  recordingId: orNull(Type.String({ description: 'for a duplicate: of the first recording' })),
  recordingState: orNull(Type.String({ description: 'sealed, secured or damaged' })),
  reason: orNull(Type.String({ description: 'why it is in quarantine' })),
  waitsFor: orNull(
    Type.Literal('digest', { description: "complete, and sealed as soon as the dock's digest is here" }),
  ),
  expiresAt: orNull(Type.String()),
})
export type UploadState = Type.Static<typeof uploadState>

/** What a dock asks of an upload besides sending it: its state as JSON, and a digest that was made while reading. */
export function uploadStateRoutes(server: Server, deps: IngestDeps): void {
  const tags = ['upload']
  server.get(
    '/uploads/:id',
    {
      config: { access: [dockRole], event: null },
      schema: { summary: 'How an upload stands', tags, params, response: { 200: uploadState } },
    },
    async (request) => stateOf(deps, await uploadOfDock(deps, principalOf(request), request.params.id)),
  )
  server.put(
    '/uploads/:id/digest',
    {
      config: { access: [dockRole], event: null },
      schema: {
        summary:
          'Say the SHA-256 that the dock made while reading, and sign it; nothing is sealed before it agrees with what arrived',
        tags,
        params,
        body: digestBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const dock = principalOf(request)
      const upload = await uploadOfDock(deps, dock, request.params.id)
      const publicKey = await dockPublicKey(deps.db, dock.id)
      if (!publicKey) throw new Fault('not_signed_in', 'this dock is not in the register any more')
      const sha256 = Buffer.from(request.body.sha256, 'hex')
      await sayDigest(deps, { id: dock.id, publicKey }, upload, { sha256, signed: signedDigest(request.body) })
      deps.finisher.wake()
      return reply.code(204).send(null)
    },
  )
}

/** @throws bad_request for an SM3 that is not signed */
function signedDigest({ sm3 = null, signature }: Type.Static<typeof digestBody>): SignedDigest | null {
  if (signature !== undefined) {
    return { sm3: sm3 === null ? null : Buffer.from(sm3, 'hex'), signature: Buffer.from(signature, 'base64') }
  }
  if (sm3 === null) return null
  throw new Fault('bad_request', 'signature: is missing, and an SM3 is only taken when it is signed', {
    details: { field: 'signature' },
  })
}

/** The state of an upload as its dock sees it. */
export async function stateOf(deps: Pick<IngestDeps, 'db'>, row: UploadRow): Promise<UploadState> {
  const recording = row.recording_id ? await recordingState(deps.db, row.recording_id) : null
  return {
    id: row.id,
    state: row.state,
    bytes: row.bytes,
    offset: row.received_bytes,
    sha256: row.sha256?.toString('hex') ?? null,
    declaredSha256: row.declared_sha256?.toString('hex') ?? null,
    recordingId: row.recording_id,
    recordingState: recording?.state ?? null,
    reason: recording?.quarantineReason ?? null,
    waitsFor: row.state === 'complete' && row.declared_sha256 === null ? 'digest' : null,
    expiresAt: row.state === 'receiving' ? row.expires_at.toISOString() : null,
  }
}
