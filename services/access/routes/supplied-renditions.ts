import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { suppliedBytesMax } from '../../custody/viewing/supplied-film.ts'
import { decideSupply, listSupplies, proposeSupply, type SupplyRow } from '../../custody/viewing/supply.ts'
import { supplyStates } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { Hex, Id, Null, SameSeat, Someone, ThirdSignature, Time, Words } from '../schemas.ts'
import { requireRecording } from './recordings.ts'

const params = Type.Object({ recordingId: Id })
const filmType = 'application/octet-stream'

const Supply = Type.Object({
  id: Id,
  recordingId: Id,
  state: Type.Enum([...supplyStates]),
  tool: Type.String(),
  toolVersion: Type.String(),
  how: Type.String(),
  bytes: Type.Integer(),
  sha256: Hex,
  proposedBy: Someone,
  proposedAt: Time,
  decidedBy: Null(Someone),
  decidedAt: Null(Time),
  sameSeat: SameSeat,
  decidedOnBehalfOf: Null(Someone),
  thirdSignature: ThirdSignature,
  reason: Null(Type.String({ description: 'of the decision' })),
  failure: Null(Type.String({ description: 'why no rendition could be made of it' })),
})
const Supplies = Type.Object({ supplies: Type.Array(Supply) })

/**
 * Films that were made with a vendor's own player of recordings that cannot be played here: supplied by the custodian,
 * confirmed or refused by the supervisor.
 */
export async function suppliedRenditionRoutes(server: Server, deps: AccessDeps): Promise<void> {
  await server.register((scope: Server) => takeFilms(scope, deps))
  const { db, clock } = deps
  server.get(
    '/recordings/:recordingId/supplied-renditions',
    {
      config: { access: rolesThatMay('rendition.read_supplies'), event: null },
      schema: {
        summary: 'The films that were supplied for a recording, the last first',
        params,
        response: { 200: Supplies },
      },
    },
    async (request) => {
      const { recordingId } = request.params
      await requireRecording(deps, callerOf(request), recordingId)
      return { supplies: (await listSupplies(db, { recordingId })).map(answerOf) }
    },
  )

  server.get(
    '/supplied-renditions',
    {
      config: { access: rolesThatMay('rendition.read_supplies'), event: null },
      schema: { summary: 'The supplied films that wait for a decision, the oldest first', response: { 200: Supplies } },
    },
    async () => ({ supplies: (await listSupplies(db, 'waiting')).map(answerOf) }),
  )

  server.post(
    '/recordings/:recordingId/supplied-renditions/:supplyId/decision',
    {
      config: { access: rolesThatMay('rendition.decide_supply'), event: 'rendition.supplied' },
      schema: {
        summary: 'Confirm a supplied film, of which a rendition is then made, or refuse it',
        params: Type.Object({ recordingId: Id, supplyId: Id }),
        body: Type.Object({ confirm: Type.Boolean(), reason: Words(1000, 4) }),
        response: { 200: Type.Object({ state: Type.Enum(['making', 'refused']), sameSeat: SameSeat }) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      await requireRecording(deps, caller, request.params.recordingId)
      return decideSupply(db, clock, caller, { ...request.params, ...request.body })
    },
  )
}

/** The one route whose body is a film, and never held in memory. */
async function takeFilms(scope: Server, deps: AccessDeps): Promise<void> {
  const { db, clock, stores } = deps
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(filmType, (_request, payload, done) => done(null, payload))
  scope.post(
    '/recordings/:recordingId/supplied-renditions',
    {
      config: { access: rolesThatMay('rendition.supply'), event: 'rendition.supply_proposed', takesLong: true },
      schema: {
        summary: 'Supply a film that was made with the vendor’s own player, for a recording that cannot be played',
        description:
          `The body is the film, ${filmType}, of at most ${suppliedBytesMax} bytes, with its Content-Length. A second ` +
          'person decides on it; what is shown then always says that it was decrypted with the vendor’s software.',
        consumes: [filmType],
        params,
        querystring: Type.Object({
          tool: Type.String({ ...Words(200), description: 'name of the vendor’s program' }),
          toolVersion: Type.String({ ...Words(100), description: 'its version, as it shows it' }),
          how: Type.String({ ...Words(2000, 4), description: 'how the film was made with it' }),
        }),
        response: { 201: Type.Object({ id: Id, sha256: Hex }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { recordingId } = request.params
      const bytes = filmBytesOf(request.headers['content-length'])
      await requireRecording(deps, caller, recordingId)
      const facts = { recordingId, bytes, ...request.query }
      const film = request.body as Readable
      return reply.code(201).send(await proposeSupply({ db, clock, primary: stores.primary }, caller, facts, film))
    },
  )
}

/** @throws length_required, bad_request, too_large */
function filmBytesOf(contentLength: string | undefined): number {
  if (contentLength === undefined) {
    throw new Fault('length_required', 'Content-Length: say how many bytes the film has before it is sent')
  }
  const bytes = Number(contentLength)
  if (bytes === 0) throw new Fault('bad_request', 'the film is empty: send the file as the body of the request')
  if (bytes <= suppliedBytesMax) return bytes
  throw new Fault(
    'too_large',
    `the film has ${bytes} bytes, at most ${suppliedBytesMax} are taken: nothing was stored`,
    {
      details: { bytesMax: suppliedBytesMax },
    },
  )
}

function answerOf({ proposedAt, decidedAt, ...row }: SupplyRow) {
  return { ...row, proposedAt: proposedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null }
}
