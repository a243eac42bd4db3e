import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Viewer } from '../roles/term.ts'
import { checkAlive } from './serve.ts'

/** A track of a rendition as playlists name it. */
export interface PlaylistTrack {
  readonly track: number
  readonly kind: 'video' | 'audio' | 'still'
  readonly channels: readonly number[] | null
  readonly codecs: string | null
  readonly segments: readonly { readonly number: number; readonly durationMs: number; readonly bytes: number }[]
}

/**
 * The HLS media playlist of one track: everything that is published so far, as an EVENT list while the rendition is still
 * being made. Its addresses name the viewing and are worthless without its session.
 *
 * @throws not_found when the rendition has no such track; whatever `checkAlive` refuses
 */
export async function mediaPlaylistOf(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  asked: { readonly viewingId: string; readonly track: number },
): Promise<string> {
  const { tracks, isComplete } = await tracksOf(db, clock, viewer, asked)
  const track = tracks.find((one) => one.track === asked.track)
  if (!track) throw new Fault('not_found', `this rendition has no track ${asked.track}`)
  return mediaPlaylistText(asked, track.segments, isComplete)
}

/**
 * The HLS multivariant playlist of a viewing: the main track, and every other sound and picture that can be chosen.
 *
 * @throws whatever `checkAlive` refuses
 */
export async function multivariantPlaylistOf(db: Db, clock: Clock, viewer: Viewer, viewingId: string): Promise<string> {
  const { tracks } = await tracksOf(db, clock, viewer, { viewingId, track: 0 })
  return multivariantPlaylistText(viewingId, tracks)
}

async function tracksOf(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  asked: { readonly viewingId: string; readonly track: number },
): Promise<{ tracks: PlaylistTrack[]; isComplete: boolean }> {
  const decision = await db
    .transaction()
    .execute((trx) => checkAlive(trx, clock, viewer, { ...asked, kind: 'playlist', number: 0 }))
  if ('reason' in decision) throw decision.fault
  const { rendition_id } = decision.granted.viewing
  const rendition = await db
    .selectFrom('rendition')
    .where('id', '=', rendition_id)
    .select('state')
    .executeTakeFirstOrThrow()
  const tracks = await db
    .selectFrom('rendition_track')
    .where('rendition_id', '=', rendition_id)
    .selectAll()
    .orderBy('track')
    .execute()
  const segments = await db
    .selectFrom('rendition_file')
    .where('rendition_id', '=', rendition_id)
    .where('kind', '=', 'segment')
    .select(['track', 'number', 'duration_ms', 'bytes'])
    .orderBy('track')
    .orderBy('number')
    .execute()
  return {
    tracks: tracks.map(({ track, kind, channels, codecs }) => ({
      ...{ track, kind, channels, codecs },
      segments: segments
        .filter((segment) => segment.track === track)
        .map(({ number, duration_ms, bytes }) => ({ number, durationMs: duration_ms, bytes })),
    })),
    isComplete: rendition.state !== 'running',
  }
}

/** RFC 8216: a media playlist of version 7 (fMP4 with EXT-X-MAP). */
export function mediaPlaylistText(
  { viewingId, track }: { readonly viewingId: string; readonly track: number },
  segments: readonly { readonly number: number; readonly durationMs: number }[],
  isComplete: boolean,
): string {
  const base = `/viewings/${viewingId}/tracks/${track}`
  const targetSeconds = Math.max(1, ...segments.map(({ durationMs }) => Math.ceil(durationMs / 1000)))
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-PLAYLIST-TYPE:${isComplete ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.number ?? 0}`,
    `#EXT-X-MAP:URI="${base}/init"`,
    ...segments.flatMap(({ number, durationMs }) => [
      `#EXTINF:${(durationMs / 1000).toFixed(3)},`,
      `${base}/segments/${number}`,
    ]),
    ...(isComplete ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

/**
 * RFC 8216 §4.3.4: the main track as the one variant, with its own sound as the default; other sounds and pictures as
 * renditions in groups, by the numbers of their tracks and channels.
 */
export function multivariantPlaylistText(viewingId: string, tracks: readonly PlaylistTrack[]): string {
  const [main, ...others] = tracks
  if (!main) return '#EXTM3U\n'
  const address = (track: number) => `/viewings/${viewingId}/tracks/${track}/playlist.m3u8`
  const media = (type: 'AUDIO' | 'VIDEO', one: PlaylistTrack, isMain: boolean) =>
    `#EXT-X-MEDIA:TYPE=${type},GROUP-ID="${type.toLowerCase()}",NAME="${nameOf(one)}",` +
    (isMain ? 'DEFAULT=YES,AUTOSELECT=YES' : `DEFAULT=NO,AUTOSELECT=NO,URI="${address(one.track)}"`)
  const groups = (['AUDIO', 'VIDEO'] as const).flatMap((type) => {
    const members = others.filter(({ kind }) => kind === type.toLowerCase())
    return members.length === 0 ? [] : [media(type, main, true), ...members.map((one) => media(type, one, false))]
  })
  const named = (type: 'AUDIO' | 'VIDEO') =>
    others.some(({ kind }) => kind === type.toLowerCase()) ? `,${type}="${type.toLowerCase()}"` : ''
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...groups,
    `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidthOf(main)}${main.codecs ? `,CODECS="${main.codecs}"` : ''}${named('AUDIO')}${named('VIDEO')}`,
    address(0),
    '',
  ].join('\n')
}

function nameOf({ track, channels }: PlaylistTrack): string {
  return channels && channels.length > 0 ? `track ${track}, channels ${channels.join('+')}` : `track ${track}`
}

/** The peak bit rate of any segment, as the RFC asks; 1 while there is none. */
function bandwidthOf({ segments }: PlaylistTrack): number {
  const rates = segments.map(({ bytes, durationMs }) => Math.ceil((bytes * 8000) / Math.max(1, durationMs)))
  return rates.reduce((most, rate) => Math.max(most, rate), 1)
}
