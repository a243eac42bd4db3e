import type { Db } from '../../foundation/db/database.ts'
import { servedTracksOf } from './end.ts'
import { filmMs, mergeRanges } from './film-ranges.ts'

/**
 * Every viewing, the last first: who, what, why, when, and which seconds were served. `after` is the last id before;
 * `unwitnessed` asks for those alone that were opened (or not) while the ledger was unwitnessed for too long.
 */
export async function listViewings(
  db: Db,
  page: { recordingId?: string; personId?: string; unwitnessed?: boolean; after?: string; limit: number },
) {
  let query = db
    .selectFrom('viewing')
    .innerJoin('person', 'person.id', 'viewing.person_id')
    .leftJoin('case_file', 'case_file.id', 'viewing.case_id')
    .select([
      'viewing.id',
      'viewing.recording_id',
      'viewing.person_id',
      'person.name as person_name',
      'viewing.purpose',
      'case_file.number as case_number',
      'viewing.opened_at',
      'viewing.ended_at',
      'viewing.end_kind',
      'viewing.unwitnessed_since',
    ])
    .orderBy('viewing.id', 'desc')
    .limit(page.limit + 1)
  if (page.recordingId) query = query.where('viewing.recording_id', '=', page.recordingId)
  if (page.personId) query = query.where('viewing.person_id', '=', page.personId)
  if (page.unwitnessed !== undefined) {
    query = query.where('viewing.unwitnessed_since', page.unwitnessed ? 'is not' : 'is', null)
  }
  if (page.after) query = query.where('viewing.id', '<', page.after)
  const rows = await query.execute()
  const shown = rows.slice(0, page.limit)
  const ids = shown.map((row) => row.id)
  const served = ids.length === 0 ? [] : await servedRows(db, ids)
  const viewings = shown.map((row) => {
    const own = served.filter((one) => one.viewing_id === row.id)
    const segments = own.filter((one) => one.kind === 'segment')
    const film = segments.map((one) => ({ fromMs: one.from_ms, toMs: one.to_ms }))
    return {
      id: row.id,
      recordingId: row.recording_id,
      personId: row.person_id,
      personName: row.person_name,
      purpose: row.purpose,
      caseNumber: row.case_number,
      openedAt: row.opened_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      endKind: row.end_kind,
      unwitnessedSince: row.unwitnessed_since?.toISOString() ?? null,
      servedRanges: mergeRanges(film),
      servedMs: filmMs(film),
      servedTracks: servedTracksOf(segments).servedTracks ?? [],
      servedBytes: own.reduce((sum, one) => sum + one.bytes, 0),
    }
  })
  return { viewings, next: rows.length > page.limit ? viewings.at(-1)!.id : null }
}

function servedRows(db: Db, viewingIds: readonly string[]) {
  return db
    .selectFrom('viewing_served')
    .where('viewing_id', 'in', viewingIds)
    .select(['viewing_id', 'track', 'kind', 'from_ms', 'to_ms', 'bytes'])
    .execute()
}
