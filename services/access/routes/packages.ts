import { Type } from 'typebox'
import { type TranscriptKind, transcriptNames } from '../../custody/events/words.ts'
import {
  askedRecordingsMax,
  originalMediumLengthMax,
  originalMediumLengthMin,
  provesLengthMax,
  provesLengthMin,
} from '../../custody/packages/asked-recordings.ts'
import { decidePackage } from '../../custody/packages/decision.ts'
import { listPackages } from '../../custody/packages/list.ts'
import { requestPackage } from '../../custody/packages/package.ts'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { notFound } from '../../custody/roles/refusal.ts'
import { packageStates } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { BytesAnswer, FilmMs, Hex, Id, Null, SameSeat, Someone, ThirdSignature, Time, Words } from '../schemas.ts'
import { requireCase } from './cases.ts'
import { sendPackageFile } from './package-file.ts'

const params = Type.Object({ packageId: Id })
const Recipient = Type.Object({ name: Words(100), organisation: Words(200) })
const ageRecipientLengthMax = 4000
/** A package is a zip file, or a stream of bytes when it is encrypted. */
const fileTypes = ['application/zip', 'application/octet-stream']

const FilmPlace = Type.Optional(Type.Integer({ ...FilmMs, description: '相关片段, milliseconds; both or neither' }))
const AskedRecording = Type.Object({
  recordingId: Id,
  proves: Words(provesLengthMax, provesLengthMin),
  fromMs: FilmPlace,
  toMs: FilmPlace,
  transcript: Null(Type.Enum(Object.keys(transcriptNames) as TranscriptKind[])),
  originalMedium: Type.Optional(Words(originalMediumLengthMax, originalMediumLengthMin)),
})

const ShownRecording = Type.Object({
  recordingId: Id,
  deviceSerial: Type.String(),
  name: Type.String(),
  proves: Type.String({ description: '证明对象' }),
  fromMs: Null(Type.Integer({ description: '相关片段, milliseconds' })),
  toMs: Null(Type.Integer()),
  transcript: Null(Type.Enum(Object.keys(transcriptNames) as TranscriptKind[])),
  originalMedium: Null(
    Type.String({ description: '原始载体: where it is, or why it cannot be handed over; null where nothing is said' }),
  ),
})

const Package = Type.Object({
  id: Id,
  caseNumber: Type.String(),
  withFootage: Type.Boolean(),
  purpose: Type.String(),
  recipient: Null(Type.Object({ name: Type.String(), organisation: Type.String() })),
  isEncrypted: Type.Boolean(),
  recordings: Type.Array(ShownRecording, { description: 'of which it was said what they are to prove' }),
  requestedBy: Someone,
  requestedAt: Time,
  state: Type.Enum([...packageStates]),
  decidedBy: Null(Someone),
  decidedAt: Null(Time),
  decisionReason: Null(Type.String()),
  sameSeat: SameSeat,
  decidedOnBehalfOf: Null(Someone),
  thirdSignature: ThirdSignature,
  bytesDone: Type.Integer({ description: 'of what it is made from, while it is being built' }),
  bytesTotal: Null(Type.Integer()),
  checkpointSize: Null(Type.Integer({ description: 'events of the ledger that it is proven against' })),
  bytes: Null(Type.Integer({ description: 'of the file' })),
  sha256: Null(Hex),
  failure: Null(Type.String()),
  readyAt: Null(Time),
  expiresAt: Null(Time),
})

/** Evidence packages (举证材料) of a case: asked for, signed, watched while they are made, fetched. */
export function packageRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.post(
    '/cases/:caseId/packages',
    {
      config: { access: rolesThatMay('package.request'), event: 'package.requested' },
      schema: {
        summary: 'Ask for an evidence package; one with footage waits for the supervisor’s signature',
        params: Type.Object({ caseId: Words(100) }),
        body: Type.Object({
          withFootage: Type.Boolean(),
          purpose: Words(500, 2),
          recipient: Type.Optional(Recipient),
          recipientKey: Type.Optional(Type.String({ maxLength: ageRecipientLengthMax, description: 'age1…' })),
          recordings: Type.Optional(
            Type.Array(AskedRecording, { maxItems: askedRecordingsMax, description: '证明对象 of each recording' }),
          ),
        }),
        response: {
          201: Type.Object({
            id: Id,
            state: Type.Enum(['awaiting_signature', 'queued']),
            missingProves: Type.Integer({ description: 'recordings of the case without 证明对象' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const caseFile = await requireCase(deps, caller, request.params.caseId)
      const { withFootage, purpose, recipient = null, recipientKey = null, recordings = [] } = request.body
      const order = { caseFile, withFootage, purpose, recipient, recipientKey, recordings }
      return reply.code(201).send(await requestPackage(db, clock, caller, order))
    },
  )

  server.get(
    '/cases/:caseId/packages',
    {
      config: { access: rolesThatMay('package.read'), event: null },
      schema: {
        summary: 'The packages of a case, the last first',
        params: Type.Object({ caseId: Words(100) }),
        response: { 200: Type.Object({ packages: Type.Array(Package) }) },
      },
    },
    async (request) => {
      const caseFile = await requireCase(deps, callerOf(request), request.params.caseId)
      return { packages: await listPackages(db, { caseId: caseFile.id }) }
    },
  )

  server.get(
    '/packages',
    {
      config: { access: rolesThatMay('package.read'), event: null },
      schema: {
        summary: 'The packages of all cases, the last asked for first, at most 500',
        querystring: Type.Object({ state: Type.Optional(Type.Enum([...packageStates])) }),
        response: { 200: Type.Object({ packages: Type.Array(Package) }) },
      },
    },
    async (request) => ({ packages: await listPackages(db, { state: request.query.state ?? null }) }),
  )

  server.get(
    '/packages/:packageId',
    {
      config: { access: rolesThatMay('package.read'), event: null },
      schema: { summary: 'How far a package is; its size and digest when ready', params, response: { 200: Package } },
    },
    async (request) => {
      const [found] = await listPackages(db, { id: request.params.packageId })
      if (!found) throw notFound('package', request.params.packageId)
      return found
    },
  )

  server.post(
    '/packages/:packageId/decision',
    {
      config: { access: rolesThatMay('package.sign'), event: 'package.signed' },
      schema: {
        summary: 'The second signature under a package with footage, or its refusal',
        params,
        body: Type.Object({ approve: Type.Boolean(), reason: Words(1000, 2) }),
        response: { 200: Type.Object({ state: Type.Enum(['queued', 'refused']), sameSeat: SameSeat }) },
      },
    },
    async (request) => {
      const { packageId } = request.params
      return decidePackage(db, clock, callerOf(request), { packageId, ...request.body })
    },
  )

  downloadRoute(server, deps)
}

function downloadRoute(server: Server, deps: AccessDeps): void {
  server.get(
    '/packages/:packageId/file',
    {
      config: { access: rolesThatMay('package.download'), event: 'package.downloaded' },
      schema: {
        summary: 'The package’s file; a download that was cut goes on with Range',
        params,
        response: {
          200: BytesAnswer(fileTypes, 'the whole file'),
          206: BytesAnswer(fileTypes, 'the range that was asked for'),
        },
      },
    },
    (request, reply) => sendPackageFile(deps, request, reply, request.params.packageId),
  )
}
