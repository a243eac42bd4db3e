import type { Db } from '../../foundation/db/database.ts'
import { currentRenditionStates, type renditionKinds } from '../../foundation/db/words.ts'
import { originalIsUnchanged } from '../copies/original-unchanged.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { detailsOf } from '../events/read.ts'
import { committedBody } from './committed.ts'
import { type RenditionNotes, renditionNotes } from './rendition-notes.ts'

type Ready = DetailsOf<'rendition.ready'>

/** What is known of a recording's current rendition beside its row. */
export interface RenditionDetail {
  readonly tracks: RenditionTrackDetail[]
  /** What the check before it became ready found; null while it was not compared, or when the ledger does not confirm it. */
  readonly check: RenditionCheck | null
}

export interface RenditionTrackDetail {
  readonly track: number
  readonly kind: (typeof renditionKinds)[number]
  readonly streams: number[]
  readonly channels: number[] | null
  /** Null while it is being made, and for a still. */
  readonly durationMs: number | null
  /** By RFC 6381; null while it is not known. */
  readonly codecs: string | null
}

export interface RenditionCheck {
  /**
   * Whether the original's bytes were compared with the sealed digest after the seal, and nothing has spoken against them
   * since.
   */
  readonly originalWasChecked: boolean
  /** Sentences for whoever watches it; none when it differs in nothing. */
  readonly notes: RenditionNotes
  readonly differences: NonNullable<Ready['differences']>
  readonly holes: NonNullable<Ready['holes']>
  readonly notShown: NonNullable<Ready['notShown']>
  readonly statedMs: number | null
  readonly foundMs: number | null
}

/** The tracks of a recording's current rendition and what its check found; null when it has none. */
export async function renditionDetail(db: Db, recordingId: string): Promise<RenditionDetail | null> {
  const row = await db
    .selectFrom('rendition')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', currentRenditionStates)
    .select(['id', 'ready_event_id'])
    .executeTakeFirst()
  if (!row) return null
  const tracks = await db
    .selectFrom('rendition_track')
    .where('rendition_id', '=', row.id)
    .select(['track', 'kind', 'streams', 'channels', 'codecs', 'duration_ms'])
    .orderBy('track')
    .execute()
  const ready =
    row.ready_event_id === null ? null : await readyOf(db, recordingId, { ...row, eventId: row.ready_event_id })
  return {
    tracks: tracks.map(({ duration_ms, ...track }) => ({ ...track, durationMs: duration_ms })),
    check: ready && checkOf(ready, await originalIsUnchanged(db, recordingId)),
  }
}

/** What the ledger committed of a rendition's check; null for a body that is not the committed one or says nothing of a check. */
async function readyOf(
  db: Db,
  recordingId: string,
  { id, eventId }: { readonly id: string; readonly eventId: string },
): Promise<Ready | null> {
  const body = await committedBody(db, eventId)
  const details = body && detailsOf('rendition.ready', body)
  if (!body || details?.renditionId !== id || details.tracks === undefined) return null
  return body.subjects.some((one) => one.type === 'recording' && one.id === recordingId) ? details : null
}

function checkOf(ready: Ready, originalWasChecked: boolean): RenditionCheck {
  const { differences = [], holes = [], notShown = [], statedMs = null, foundMs = null } = ready
  const notes = renditionNotes(ready, originalWasChecked)
  return { originalWasChecked, notes, differences, holes, notShown, statedMs, foundMs }
}
