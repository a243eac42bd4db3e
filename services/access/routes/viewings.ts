import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { rolesThatMay } from '../../custody/roles/permissions.ts'
import { closeViewing, renewViewing } from '../../custody/viewing/lease.ts'
import { listViewings } from '../../custody/viewing/list.ts'
import { openViewing } from '../../custody/viewing/open.ts'
import { mediaPlaylistOf, multivariantPlaylistOf } from '../../custody/viewing/playlist.ts'
import { type ServedKind, serveFile } from '../../custody/viewing/serve.ts'
import { renditionKinds, viewingEndKinds } from '../../foundation/db/words.ts'
import type { Server } from '../../foundation/http/server.ts'
import { type AccessDeps, callerOf } from '../deps.ts'
import { BytesAnswer, FilmMs, Id, Limit, NoContent, Null, TextAnswer, Time, Words } from '../schemas.ts'
import { requireCase } from './cases.ts'

const params = Type.Object({ viewingId: Id })
const Track = Type.Integer({ minimum: 0, maximum: 63, description: '0 is the main one' })
const FileNumber = Type.Integer({ minimum: 0, maximum: 10_000_000 })
const numbered = Type.Object({ viewingId: Id, number: FileNumber })
const ofTrack = Type.Object({ viewingId: Id, track: Track })
const ofTrackNumbered = Type.Object({ viewingId: Id, track: Track, number: FileNumber })
const film = { 200: BytesAnswer(['video/mp4', 'audio/mp4'], 'fragmented MP4') }
const picture = { 200: BytesAnswer(['image/jpeg'], 'JPEG') }

/** Opening, renewing and ending a viewing. The answer goes out only when a signed checkpoint covers the act. */
export function viewingRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock, settings } = deps
  const rule = { policy: settings.ledger.policy, ageMsMax: settings.witnessAgeMsMax }
  const watch = rolesThatMay('viewing.watch')
  server.post(
    '/recordings/:recordingId/viewings',
    {
      config: { access: rolesThatMay('viewing.open'), event: 'viewing.opened' },
      schema: {
        summary: 'Open a viewing of a recording for a purpose (调阅事由)',
        params: Type.Object({ recordingId: Id }),
        body: Type.Object({ purpose: Words(500, 4), caseId: Type.Optional(Words(100)) }),
        response: {
          201: Type.Object({
            viewingId: Id,
            kind: Type.Enum([...renditionKinds]),
            leaseUntil: Time,
            grantedToMs: Type.Integer(),
            durationMs: Null(Type.Integer({ description: 'null while it is still being made' })),
            isPreview: Type.Boolean({
              description:
                'true: only the first minute, made before the original was compared with the sealed digest; durationMs is its own',
            }),
            playlist: Null(
              Type.String({ description: 'multivariant: the main track and what can be chosen; null for a still' }),
            ),
            tracks: Type.Array(
              Type.Object({
                track: Track,
                kind: Type.Enum([...renditionKinds]),
                streams: Type.Array(Type.Integer(), { description: 'numbers of the original’s own streams' }),
                channels: Null(Type.Array(Type.Integer(), { description: 'numbers of the sound’s channels, from 1' })),
                durationMs: Null(Type.Integer()),
                playlist: Null(Type.String()),
              }),
            ),
            still: Null(Type.String()),
            unwitnessedSince: Null(
              Type.String({ description: 'the ledger was unwitnessed for too long: the viewing is marked for it' }),
            ),
          }),
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { purpose, caseId } = request.body
      const caseFile = caseId ? await requireCase(deps, caller, caseId) : null
      const { recordingId } = request.params
      const opened = await openViewing(db, clock, caller, rule, { recordingId, purpose: purpose.trim(), caseFile })
      const base = `/viewings/${opened.viewingId}`
      return reply.code(201).send({
        ...opened,
        leaseUntil: opened.leaseUntil.toISOString(),
        playlist: opened.kind === 'still' ? null : `${base}/playlist.m3u8`,
        tracks: opened.tracks.map((one) => ({
          ...one,
          playlist: one.kind === 'still' ? null : `${base}/tracks/${one.track}/playlist.m3u8`,
        })),
        still: opened.kind === 'still' ? `${base}/still` : null,
        unwitnessedSince: opened.unwitnessedSince?.toISOString() ?? null,
      })
    },
  )

  server.post(
    '/viewings/:viewingId/renewals',
    {
      config: { access: watch, event: 'viewing.renewed' },
      schema: {
        summary: 'Renew the lease for 60 s and grant the next 60 s of film from a position on',
        params,
        body: Type.Object({
          positionMs: FilmMs,
          track: Type.Optional(Track),
        }),
        response: {
          201: Type.Object({ leaseUntil: Time, grantedFromMs: Type.Integer(), grantedToMs: Type.Integer() }),
        },
      },
    },
    async (request, reply) => {
      const { viewingId } = request.params
      const { positionMs, track = 0 } = request.body
      const renewal = await renewViewing(db, clock, callerOf(request), { viewingId, positionMs, track })
      return reply.code(201).send({ ...renewal, leaseUntil: renewal.leaseUntil.toISOString() })
    },
  )

  server.delete(
    '/viewings/:viewingId',
    {
      config: { access: watch, event: 'viewing.ended', whileLedgerIsBehind: true },
      schema: { summary: 'End a viewing', params, response: NoContent },
    },
    async (request, reply) => {
      await closeViewing(db, clock, callerOf(request), request.params.viewingId)
      return reply.code(204).send(null)
    },
  )

  listRoute(server, deps)
}

/** Playlist and bytes of a viewing, each checked and noted before it leaves. */
export function playbackRoutes(server: Server, deps: AccessDeps): void {
  const { db, clock } = deps
  // What is served is committed first, row by row; the event that ends the viewing states it.
  const config = { access: rolesThatMay('viewing.watch'), event: 'viewing.ended' } as const
  const playlist = (summary: string) => ({
    summary,
    response: { 200: TextAnswer('application/vnd.apple.mpegurl', 'RFC 8216') },
  })
  server.get(
    '/viewings/:viewingId/playlist.m3u8',
    { config, schema: { ...playlist('HLS multivariant playlist'), params } },
    async (request, reply) => {
      const text = await multivariantPlaylistOf(db, clock, callerOf(request), request.params.viewingId)
      return reply.type('application/vnd.apple.mpegurl').send(text)
    },
  )
  server.get(
    '/viewings/:viewingId/tracks/:track/playlist.m3u8',
    { config, schema: { ...playlist('HLS media playlist of one track'), params: ofTrack } },
    async (request, reply) => {
      const text = await mediaPlaylistOf(db, clock, callerOf(request), request.params)
      return reply.type('application/vnd.apple.mpegurl').send(text)
    },
  )
  const serve = async (
    request: FastifyRequest,
    reply: FastifyReply,
    file: { kind: ServedKind; track: number; number: number },
  ) => {
    const { viewingId } = request.params as { viewingId: string }
    const served = { db, clock, derived: deps.stores.primary }
    const { bytes, contentType } = await serveFile(served, callerOf(request), { viewingId, ...file })
    return reply.header('cache-control', 'no-store').type(contentType).send(bytes)
  }
  server.get(
    '/viewings/:viewingId/tracks/:track/init',
    { config, schema: { summary: 'Initialisation section of a track', params: ofTrack, response: film } },
    (request, reply) => serve(request, reply, { kind: 'init', track: request.params.track, number: 0 }),
  )
  server.get(
    '/viewings/:viewingId/tracks/:track/segments/:number',
    { config, schema: { summary: 'Media segment of a track', params: ofTrackNumbered, response: film } },
    (request, reply) => serve(request, reply, { kind: 'segment', ...request.params }),
  )
  server.get(
    '/viewings/:viewingId/thumbnails/:number',
    { config, schema: { summary: 'Thumbnail of granted film', params: numbered, response: picture } },
    (request, reply) => serve(request, reply, { kind: 'thumbnail', track: 0, number: request.params.number }),
  )
  server.get(
    '/viewings/:viewingId/still',
    { config, schema: { summary: 'Still picture', params, response: picture } },
    (request, reply) => serve(request, reply, { kind: 'still', track: 0, number: 0 }),
  )
}

function listRoute(server: Server, { db }: AccessDeps): void {
  server.get(
    '/viewings',
    {
      config: { access: rolesThatMay('viewing.list'), event: null },
      schema: {
        summary: 'Every viewing with the seconds that were served, the last first',
        querystring: Type.Object({
          recordingId: Type.Optional(Id),
          personId: Type.Optional(Id),
          unwitnessed: Type.Optional(
            Type.Boolean({ description: 'only those opened while the ledger was unwitnessed for too long' }),
          ),
          after: Type.Optional(Id),
          limit: Limit,
        }),
        response: {
          200: Type.Object({
            viewings: Type.Array(
              Type.Object({
                id: Id,
                recordingId: Id,
                personId: Id,
                personName: Type.String(),
                purpose: Type.String(),
                caseNumber: Null(Type.String()),
                openedAt: Time,
                endedAt: Null(Time),
                endKind: Null(Type.Enum([...viewingEndKinds])),
                unwitnessedSince: Null(Time),
                servedRanges: Type.Array(Type.Object({ fromMs: Type.Integer(), toMs: Type.Integer() })),
                servedMs: Type.Integer(),
                servedTracks: Type.Array(
                  Type.Object({
                    track: Track,
                    ranges: Type.Array(Type.Object({ fromMs: Type.Integer(), toMs: Type.Integer() })),
                    ms: Type.Integer(),
                  }),
                  { description: 'by track, when another than the main one was served' },
                ),
                servedBytes: Type.Integer(),
              }),
            ),
            next: Null(Id),
          }),
        },
      },
    },
    async (request) => {
      const { limit = 50, ...rest } = request.query
      const { viewings, next } = await listViewings(db, { ...rest, limit })
      return { viewings: viewings.map((one) => ({ ...one, servedRanges: [...one.servedRanges] })), next }
    },
  )
}
