import type { Selectable } from 'kysely'
import type { Db } from '../../foundation/db/database.ts'
import type { RenditionFileTable } from '../../foundation/db/schema/renditions.ts'
import { isFault } from '../../foundation/errors.ts'
import { canonicalText } from '../../ledger/format/canonical.ts'
import { checkBody, commitmentOf, type EventBody, parseLeafData } from '../../ledger/format/entry.ts'
import { detailsOf } from '../events/read.ts'

/**
 * True when the event that the file's row names really enters this file, of this rendition and recording: its body is the
 * one that its leaf committed, and lists the file with this digest, size and place in the film. A row alone proves nothing.
 */
export async function isCommitted(db: Db, recordingId: string, file: Selectable<RenditionFileTable>): Promise<boolean> {
  const body = await committedBody(db, file.event_id)
  const details = body && (detailsOf('rendition.published', body) ?? detailsOf('rendition.preview_published', body))
  if (!body || details?.renditionId !== file.rendition_id) return false
  if (!body.subjects.some(({ type, id }) => type === 'recording' && id === recordingId)) return false
  const wanted = canonicalText({
    track: file.track,
    kind: file.kind,
    number: file.number,
    sha256: file.sha256.toString('hex'),
    bytes: file.bytes,
    startMs: file.start_ms,
    durationMs: file.duration_ms,
  })
  return details.files.some((entered) => canonicalText({ ...entered, track: entered.track ?? 0 }) === wanted)
}

/** The body of an event, when it is the one that its leaf committed; null when it is not, or has no leaf. */
export async function committedBody(db: Db, eventId: string): Promise<EventBody | null> {
  const row = await db
    .selectFrom('event')
    .innerJoin('leaf', 'leaf.event_id', 'event.id')
    .where('event.id', '=', eventId)
    .select(['event.body', 'event.salt', 'leaf.data'])
    .executeTakeFirst()
  return row ? checkedBody(row) : null
}

function checkedBody(row: { body: string; salt: Buffer; data: Buffer }): EventBody | null {
  try {
    const { commitment } = parseLeafData(row.data)
    return commitmentOf(row.salt, row.body).toString('hex') === commitment ? checkBody(row.body) : null
  } catch (error) {
    if (isFault(error, 'malformed')) return null
    throw error
  }
}
