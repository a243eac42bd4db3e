import { sql } from 'kysely'
import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { ViewingEndKind } from '../../foundation/db/words.ts'
import type { Actor } from '../events/actor.ts'
import { recordEvent } from '../events/record.ts'
import { type FilmRange, filmMs, mergeRanges } from './film-ranges.ts'

/** Viewings by id, by session or by person. */
export interface WhichViewings {
  readonly viewingIds?: readonly string[]
  readonly sessionHashes?: readonly Buffer[]
  readonly personId?: string
}

/**
 * Locks the open viewings that are named, in the order of their ids. The lock waits for bytes that are just being noted as
 * served; after it none are added. Whoever is about to write another event of the same act takes it first.
 */
export function lockOpenViewings(trx: Trx, which: WhichViewings) {
  let open = trx.selectFrom('viewing').where('ended_at', 'is', null)
  if (which.viewingIds) open = open.where('viewing.id', 'in', which.viewingIds)
  if (which.sessionHashes) open = open.where('session_hash', 'in', which.sessionHashes)
  if (which.personId) open = open.where('viewing.person_id', '=', which.personId)
  return open.select(['id', 'recording_id', 'person_id', 'opened_at']).orderBy('id').forUpdate().execute()
}

/**
 * Ends the open viewings that are named, each with an event that says which seconds were served. Viewings that are not
 * open are passed over. Returns the ids that ended.
 */
export async function endViewings(
  trx: Trx,
  clock: Clock,
  end: WhichViewings & { endKind: ViewingEndKind; actor: Actor },
): Promise<string[]> {
  const viewings = await lockOpenViewings(trx, end)
  for (const viewing of viewings) {
    const served = await servedOf(trx, viewing.id)
    const { at } = await recordEvent(trx, 'viewing.ended', {
      clock,
      by: end.actor,
      subjects: [
        { type: 'viewing', id: viewing.id },
        { type: 'recording', id: viewing.recording_id },
        { type: 'person', id: viewing.person_id },
      ],
      details: { endKind: end.endKind, openedAt: viewing.opened_at.toISOString(), ...served },
    })
    await trx.updateTable('viewing').set({ ended_at: at, end_kind: end.endKind }).where('id', '=', viewing.id).execute()
  }
  return viewings.map((viewing) => viewing.id)
}

/**
 * What an event lists at most of what was served, in stretches of film: of all tracks together, and of each track by itself.
 * Nobody watches like that who does not mean to.
 */
const rangesMax = 1000
const trackRangesInAllMax = 2000

/** What a viewing was served so far: the film of all tracks as stretches of the one clock, how many milliseconds of it, and all bytes. */
export async function servedOf(db: Db, viewingId: string) {
  const rows = await db
    .selectFrom('viewing_served')
    .where('viewing_id', '=', viewingId)
    .select(['track', 'kind', 'from_ms', 'to_ms', 'bytes'])
    .execute()
  return servedForEvent(rows)
}

interface Served extends ServedSegment {
  readonly kind: string
  readonly bytes: number
}

/** The same for the event that ends the viewing: beyond the first thousand stretches their number is said. Pure. */
export function servedForEvent(rows: readonly Served[]) {
  const segments = rows.filter((row) => row.kind === 'segment')
  const film = segments.map(rangeOf)
  const { servedTracks } = servedTracksOf(segments)
  const ranges = firstOf(mergeRanges(film), rangesMax)
  const trackRangesMax = Math.max(1, Math.floor(trackRangesInAllMax / Math.max(1, servedTracks?.length ?? 1)))
  const inShort = servedTracks?.map(({ track, ranges, ms }) => {
    const { first, inAll } = firstOf(ranges, trackRangesMax)
    return { track, ranges: first, ...(inAll === null ? {} : { rangesInAll: inAll }), ms }
  })
  return {
    servedRanges: ranges.first,
    ...(ranges.inAll === null ? {} : { servedRangesInAll: ranges.inAll }),
    servedMs: filmMs(film),
    ...(inShort ? { servedTracks: inShort } : {}),
    servedBytes: rows.reduce((sum, row) => sum + row.bytes, 0),
    stills: rows.filter((row) => row.kind === 'still').length,
    thumbnails: rows.filter((row) => row.kind === 'thumbnail').length,
  }
}

/** The first stretches, and how many there are when that is not all of them. */
function firstOf(ranges: readonly FilmRange[], max: number) {
  const first = ranges.slice(0, max).map(({ fromMs, toMs }) => ({ fromMs, toMs }))
  return { first, inAll: ranges.length > max ? ranges.length : null }
}

interface ServedSegment {
  readonly track: number
  readonly from_ms: number
  readonly to_ms: number
}

function rangeOf({ from_ms, to_ms }: ServedSegment) {
  return { fromMs: from_ms, toMs: to_ms }
}

/** What was served of each track; nothing when that is the main one alone, which `servedRanges` says already. */
export function servedTracksOf(segments: readonly ServedSegment[]) {
  const tracks = [...new Set(segments.map(({ track }) => track))].sort((a, b) => a - b)
  if (tracks.every((track) => track === 0)) return {}
  const servedTracks = tracks.map((track) => {
    const film = segments.filter((one) => one.track === track).map(rangeOf)
    return { track, ranges: mergeRanges(film), ms: filmMs(film) }
  })
  return { servedTracks }
}

/**
 * Ends every viewing whose lease ran out (`expired`) or whose session, term or account is gone (`lost`). For the loop of
 * the workers; running it twice or in parallel changes nothing more. Returns how many ended.
 */
export async function endOverdueViewings(db: Db, clock: Clock): Promise<number> {
  const now = clock.now()
  const overdue = await db
    .selectFrom('viewing')
    .innerJoin('session', 'session.token_hash', 'viewing.session_hash')
    .innerJoin('person', 'person.id', 'viewing.person_id')
    .where('viewing.ended_at', 'is', null)
    .select([
      'viewing.id',
      'viewing.lease_until',
      sql<boolean>`session.ended_at is not null or person.disabled_at is not null or not exists (
        select from custodian_term term where term.person_id = person.id and term.ended_at is null
      )`.as('lost'),
    ])
    .where((where) =>
      where.or([
        where('viewing.lease_until', '<=', now),
        where('session.ended_at', 'is not', null),
        where('person.disabled_at', 'is not', null),
        where.not(
          where.exists(
            where
              .selectFrom('custodian_term')
              .whereRef('custodian_term.person_id', '=', 'viewing.person_id')
              .where('custodian_term.ended_at', 'is', null)
              .select('custodian_term.id'),
          ),
        ),
      ]),
    )
    .limit(200)
    .execute()
  let ended = 0
  for (const viewing of overdue) {
    const endKind = viewing.lost ? 'lost' : 'expired'
    const ids = await db.transaction().execute(async (trx) => {
      // A renewal may have been committed since: look again under the lock.
      const now = clock.now()
      const still = await trx
        .selectFrom('viewing')
        .where('id', '=', viewing.id)
        .where('ended_at', 'is', null)
        .where((where) => (viewing.lost ? where.lit(true) : where('lease_until', '<=', now)))
        .select('id')
        .forUpdate()
        .executeTakeFirst()
      if (!still) return []
      return endViewings(trx, clock, { endKind, actor: { id: 'expire', role: 'service' }, viewingIds: [still.id] })
    })
    ended += ids.length
  }
  return ended
}
