import { Type } from 'typebox'
import { attachRecording, detachRecording } from '../../custody/cases/attach.ts'
import { listRecordings, recordingDetail } from '../../custody/cases/recording-list.ts'
import { readInventory } from '../../custody/copies/inventory.ts'
import { correctionsOfRecording } from '../../custody/hand-ins/correction-list.ts'
import { statementsOfRecording } from '../../custody/hand-ins/statement-list.ts'
import { may, rolesThatMay } from '../../custody/roles/permissions.ts'
import { refuseAnothers } from '../../custody/roles/refusal.ts'
import { shownRendition } from '../../custody/viewing/open.ts'
import { renditionDetail } from '../../custody/viewing/rendition-detail.ts'
import { recordingStates } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, type Caller, callerOf } from '../deps.ts'
import {
  Beginning,
  BytesAnswer,
  beginningOf,
  End,
  endOf,
  Id,
  Limit,
  NoContent,
  Null,
  namedPeople,
  RecordingDetail,
  RecordingSummary,
  StageWord,
  Words,
} from '../schemas.ts'
import { requireCase } from './cases.ts'

const params = Type.Object({ recordingId: Id })

/** What is known of recordings, never their bytes. Officers see their own. */
export function recordingRoutes(server: Server, deps: AccessDeps): void {
  const { db } = deps
  const read = rolesThatMay('recording.read_own', 'recording.read_all')
  server.get(
    '/recordings',
    {
      config: { access: read, event: null },
      schema: {
        summary: 'Recordings, the last sealed first; an officer’s own only',
        querystring: Type.Object({
          state: Type.Optional(Type.Enum([...recordingStates])),
          mark: Type.Optional(Type.Boolean()),
          quarantined: Type.Optional(Type.Boolean()),
          caseId: Type.Optional(Words(100)),
          deviceSerial: Type.Optional(Words(64)),
          from: Type.Optional(Beginning),
          to: Type.Optional(End),
          cursor: Type.Optional(Type.String({ maxLength: 200 })),
          limit: Limit,
        }),
        response: { 200: Type.Object({ recordings: Type.Array(RecordingSummary), next: Null(Type.String()) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { caseId, from, to, limit = 50, ...rest } = request.query
      const caseFile = caseId ? await requireCase(deps, caller, caseId) : null
      return listRecordings(db, {
        ...rest,
        limit,
        from: from === undefined ? undefined : beginningOf('from', from),
        to: to === undefined ? undefined : endOf('to', to),
        caseId: caseFile?.id,
        officerId: may(caller.role, 'recording.read_all') ? undefined : caller.id,
      })
    },
  )

  server.get(
    '/recordings/:recordingId',
    {
      config: { access: read, event: null },
      schema: { summary: 'A recording: state, copies, rendition, cases', params, response: { 200: RecordingDetail } },
    },
    async (request) => {
      const { recordingId } = request.params
      const { rendition, ...recording } = await requireRecording(deps, callerOf(request), recordingId)
      const detail = rendition && (await renditionDetail(db, recordingId))
      const preview = (await shownRendition(db, recordingId))?.state === 'preview'
      const statements = await statementsOfRecording(db, recordingId)
      const corrections = await correctionsOfRecording(db, recordingId)
      const said = { statements, corrections, preview }
      return { ...recording, ...said, rendition: rendition && detail && { ...rendition, ...detail } }
    },
  )

  server.get(
    '/recordings/:recordingId/inventory',
    {
      config: { access: read, event: null },
      schema: {
        summary:
          'Everything that one look at the whole file found: its tracks, their times, what the file says of itself',
        params,
        response: {
          200: BytesAnswer(['application/json'], 'the inventory in canonical JSON, with the recorded digest'),
        },
      },
    },
    async (request, reply) => {
      const { recordingId } = request.params
      await requireRecording(deps, callerOf(request), recordingId)
      const bytes = await readInventory(db, deps.stores.primary, recordingId)
      return reply.header('cache-control', 'no-store').type('application/json').send(bytes)
    },
  )
}

/** Which case and stage a recording belongs to. */
export function attachmentRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  server.post(
    '/recordings/:recordingId/cases',
    {
      config: { access: rolesThatMay('recording.attach_own', 'recording.attach_all'), event: 'recording.attached' },
      schema: {
        summary: 'Attach a recording to a case with its stage, its officers and the assistants who took part',
        params,
        body: Type.Object({
          caseId: Words(100),
          stage: StageWord,
          ...namedPeople,
        }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { recordingId } = request.params
      const { caseId, ...filing } = request.body
      await requireRecording(deps, caller, recordingId)
      const caseFile = await requireCase(deps, caller, caseId)
      await attachRecording(db, clock, caller, { recordingId, caseFile, ...filing })
      return reply.code(204).send(null)
    },
  )

  server.delete(
    '/recordings/:recordingId/cases/:caseId',
    {
      config: { access: rolesThatMay('recording.detach'), event: 'recording.detached' },
      schema: {
        summary: 'Take a recording out of a case',
        params: Type.Object({ recordingId: Id, caseId: Words(100) }),
        querystring: Type.Object({ reason: Words(1000, 4) }),
        response: NoContent,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { recordingId, caseId } = request.params
      const caseFile = await requireCase(deps, caller, caseId)
      await detachRecording(db, clock, caller, { recordingId, caseFile, reason: request.query.reason })
      return reply.code(204).send(null)
    },
  )
}

/** The recording, if the caller may know of it. @throws not_found otherwise, with the refusal's event. */
export async function requireRecording(deps: AccessDeps, caller: Caller, id: string) {
  const recording = await recordingDetail(deps.db, id)
  const mine = recording && (may(caller.role, 'recording.read_all') || recording.officerId === caller.id)
  if (mine) return recording
  return refuseAnothers(deps.db, deps.clock, {
    actor: caller,
    what: 'recording',
    id,
    subject: recording ? { type: 'recording', id } : null,
  })
}
