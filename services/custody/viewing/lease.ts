import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { ViewingTable } from '../../foundation/db/schema/viewing.ts'
import { Fault } from '../../foundation/errors.ts'
import { waitUntilCovered } from '../../ledger/log/covered.ts'
import type { DetailsOf } from '../events/kinds.ts'
import { recordEvent } from '../events/record.ts'
import type { ViewingRefusal } from '../events/words.ts'
import { notFound, recordRefusal } from '../roles/refusal.ts'
import { holdsTerm, notInOffice, type Viewer } from '../roles/term.ts'
import { endViewings } from './end.ts'
import { coverTimeoutMs, type Decision, insertGrant, viewingGrantMs, viewingLeaseMs } from './open.ts'

export type ViewingRow = Omit<ViewingTable, 'opened_at' | 'lease_until' | 'ended_at' | 'unwitnessed_since'> & {
  opened_at: Date
  lease_until: Date
  ended_at: Date | null
}

export interface Renewal {
  readonly leaseUntil: Date
  readonly grantedFromMs: number
  readonly grantedToMs: number
}

/**
 * Prolongs the viewing by 60 s and grants the next 60 s of film from `positionMs` on (from the start of the segment of
 * `track` that it lies in, so that a jump into its middle can play). A grant is time on the one clock of all tracks. Returns only after the event is covered by a signed checkpoint.
 *
 * @throws not_found for another's viewing or session, gone when it has ended or its lease ran out, preview_withdrawn or
 *   rendition_abandoned when nothing more of its rendition is shown, ledger_behind.
 */
export async function renewViewing(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  request: { viewingId: string; positionMs: number; track: number },
): Promise<Renewal> {
  const { viewingId, positionMs, track } = request
  const decision = await db.transaction().execute(async (trx) => {
    const viewing = await viewingById(trx, viewingId).forUpdate().executeTakeFirst()
    const refused = await whyRefused(trx, clock.now(), viewer, viewing, viewingId)
    if (refused) {
      const details = { asked: viewingId, positionMs, reason: refused.reason }
      await recordViewingRefusal(trx, clock, { viewer, viewing }, details)
      return refused
    }
    return grantNext(trx, clock, viewer, { viewing: viewing!, positionMs, track })
  })
  if ('reason' in decision) throw decision.fault
  await waitUntilCovered(db, decision.eventId, { timeoutMs: coverTimeoutMs })
  return decision.granted
}

async function grantNext(
  trx: Trx,
  clock: Clock,
  viewer: Viewer,
  { viewing, positionMs, track }: { viewing: ViewingRow; positionMs: number; track: number },
): Promise<Decision<Renewal>> {
  const segment = await trx
    .selectFrom('rendition_file')
    .where('rendition_id', '=', viewing.rendition_id)
    .where('track', '=', track)
    .where('kind', '=', 'segment')
    .where('start_ms', '<=', positionMs)
    .select('start_ms')
    .orderBy('start_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  const last = await trx
    .selectFrom('viewing_grant')
    .where('viewing_id', '=', viewing.id)
    .select((select) => select.fn.max('number').as('number'))
    .executeTakeFirst()
  const fromMs = segment?.start_ms ?? 0
  const toMs = fromMs + viewingGrantMs
  const number = (last?.number ?? -1) + 1
  const leaseUntil = new Date(clock.now().getTime() + viewingLeaseMs)
  await trx.updateTable('viewing').set({ lease_until: leaseUntil }).where('id', '=', viewing.id).execute()
  const event = await recordEvent(trx, 'viewing.renewed', {
    clock,
    by: viewer,
    subjects: [
      { type: 'viewing', id: viewing.id },
      { type: 'recording', id: viewing.recording_id },
      { type: 'person', id: viewer.id },
    ],
    details: { number, positionMs, fromMs, toMs, leaseUntil: leaseUntil.toISOString() },
  })
  await insertGrant(trx, event, { viewingId: viewing.id, number, fromMs, toMs })
  return { granted: { leaseUntil, grantedFromMs: fromMs, grantedToMs: toMs }, eventId: event.id }
}

/** Ends a viewing at its viewer's wish. Ending one that has ended already does nothing. */
export async function closeViewing(db: Db, clock: Clock, viewer: Viewer, viewingId: string): Promise<void> {
  const fault = await db.transaction().execute(async (trx) => {
    const viewing = await viewingById(trx, viewingId).forUpdate().executeTakeFirst()
    const refused = whyNotOwn(viewer, viewing, viewingId)
    if (refused) {
      await recordViewingRefusal(trx, clock, { viewer, viewing }, { asked: viewingId, reason: refused.reason })
      return refused.fault
    }
    await endViewings(trx, clock, { endKind: 'closed', actor: viewer, viewingIds: [viewingId] })
    return null
  })
  if (fault) throw fault
}

export function viewingById(db: Db, viewingId: string) {
  return db.selectFrom('viewing').where('viewing.id', '=', viewingId).selectAll()
}

/** The recording that a viewing shows; null when there is no such viewing. */
export async function recordingOfViewing(db: Db, viewingId: string): Promise<string | null> {
  return (await viewingById(db, viewingId).executeTakeFirst())?.recording_id ?? null
}

type Refused = { readonly reason: ViewingRefusal; readonly fault: Fault }

/** Why this viewer gets nothing of this viewing now; null when he does. What film is granted is asked apart. */
export async function whyRefused(
  trx: Trx,
  now: Date,
  viewer: Viewer,
  viewing: ViewingRow | undefined,
  asked: string,
): Promise<Refused | null> {
  const notOwn = whyNotOwn(viewer, viewing, asked)
  if (notOwn || !viewing) return notOwn
  if (viewing.ended_at) {
    return { reason: 'ended', fault: new Fault('gone', 'this viewing has ended: open a new one') }
  }
  if (viewing.lease_until <= now) {
    const message = 'this viewing was not renewed in time: open a new one'
    return { reason: 'lease_over', fault: new Fault('gone', message) }
  }
  const ended = await whyRenditionEnded(trx, viewing.rendition_id)
  if (ended) return ended
  if (!(await holdsTerm(trx, viewer.id))) return { reason: 'not_in_office', fault: notInOffice() }
  return null
}

/** Why nothing more is shown of a rendition that was shown until now; null when it may be watched on. */
async function whyRenditionEnded(trx: Trx, renditionId: string): Promise<Refused | null> {
  const rendition = await trx.selectFrom('rendition').where('id', '=', renditionId).select('state').executeTakeFirst()
  if (rendition?.state === 'withdrawn') {
    const message =
      'this preview was withdrawn: what it was made from is not what was sealed, so nothing of it is shown any more'
    return { reason: 'withdrawn', fault: new Fault('preview_withdrawn', message) }
  }
  if (rendition?.state === 'abandoned') {
    const message =
      'this rendition was given up while it was being made, so nothing more of it is shown: open a new viewing'
    return { reason: 'abandoned', fault: new Fault('rendition_abandoned', message) }
  }
  return null
}

function whyNotOwn(viewer: Viewer, viewing: ViewingRow | undefined, asked: string): Refused | null {
  if (!viewing) return { reason: 'unknown', fault: notFound('viewing', asked) }
  if (viewing.person_id !== viewer.id) return { reason: 'not_own', fault: notFound('viewing', asked) }
  // A copied address is worthless: not even the same person's other session is served.
  if (!viewing.session_hash.equals(viewer.sessionHash)) {
    return { reason: 'other_session', fault: notFound('viewing', asked) }
  }
  return null
}

/** Writes that something of a viewing was refused. */
export async function recordViewingRefusal(
  trx: Trx,
  clock: Clock,
  { viewer, viewing }: { viewer: Viewer; viewing: ViewingRow | undefined },
  details: DetailsOf<'viewing.refused'>,
): Promise<void> {
  const subjects = viewing
    ? [
        { type: 'viewing', id: viewing.id },
        { type: 'recording', id: viewing.recording_id },
      ]
    : []
  await recordRefusal(trx, clock, 'viewing.refused', { actor: viewer, subjects, details })
}
