import type { Clock } from '../../foundation/clock.ts'
import type { Db, Trx } from '../../foundation/db/database.ts'
import type { renditionKinds } from '../../foundation/db/words.ts'
import { Fault } from '../../foundation/errors.ts'
import { newId } from '../../foundation/id.ts'
import type { Policy } from '../../ledger/format/policy.ts'
import { waitUntilCovered } from '../../ledger/log/covered.ts'
import { unwitnessedTooLong } from '../../ledger/witness/state.ts'
import type { CaseRow } from '../cases/case.ts'
import { type RecordedEvent, recordEvent } from '../events/record.ts'
import type { ViewingRefusal } from '../events/words.ts'
import { notFound, recordRefusal } from '../roles/refusal.ts'
import { holdsTerm, notInOffice, type Viewer } from '../roles/term.ts'

/** How long a viewing lives without a renewal, by the clock on the wall. */
export const viewingLeaseMs = 60_000
/** How much film one event grants at most (promise 3). */
export const viewingGrantMs = 60_000
/** So long the answer waits for the signed checkpoint; then nothing is shown. */
export const coverTimeoutMs = 3_000

/** Whom the ledger is to be witnessed by, and how long its newest part may go without. */
export interface WitnessRule {
  readonly policy: Policy | null
  readonly ageMsMax: number
}

export interface OpenedViewing {
  readonly viewingId: string
  readonly leaseUntil: Date
  readonly grantedToMs: number
  /** Null while the rendition is still being made; of a preview its own length. */
  readonly durationMs: number | null
  /** Only the first minute, made before the original was compared with the sealed digest. */
  readonly isPreview: boolean
  readonly kind: (typeof renditionKinds)[number]
  /** What can be watched: the main track first. They share one clock, and a grant is time on it. */
  readonly tracks: readonly OpenedTrack[]
  /** Since when nobody outside has seen the ledger's newest part, when that is too long; else null. */
  readonly unwitnessedSince: Date | null
}

export interface OpenedTrack {
  readonly track: number
  readonly kind: (typeof renditionKinds)[number]
  readonly streams: number[]
  readonly channels: number[] | null
  readonly durationMs: number | null
}

export type Decision<Granted> =
  | { readonly granted: Granted; readonly eventId: string }
  | { readonly reason: ViewingRefusal; readonly fault: Fault }

/**
 * Opens a viewing of a recording for a purpose, with its first 60 s of film. Returns only after the event is covered by a
 * signed checkpoint. A refusal is an event too, committed before the Fault leaves. When the ledger has been unwitnessed for longer
 * than `rule` allows, the viewing opens all the same, marked: a witness's outage must not stop the office.
 *
 * @throws not_found, wrong_role, conflict (in quarantine, not playable, not made yet), ledger_behind.
 */
export async function openViewing(
  db: Db,
  clock: Clock,
  viewer: Viewer,
  rule: WitnessRule,
  request: { recordingId: string; purpose: string; caseFile: CaseRow | null },
): Promise<OpenedViewing> {
  const decision = await db.transaction().execute(async (trx) => {
    const decided = await decideOpening(trx, clock, viewer, rule, request)
    if ('reason' in decided) {
      await recordRefusal(trx, clock, 'viewing.refused', {
        actor: viewer,
        subjects: decided.recordingExists ? [{ type: 'recording', id: request.recordingId }] : [],
        details: { reason: decided.reason, asked: request.recordingId, purpose: request.purpose },
      })
    }
    return decided
  })
  if ('reason' in decision) throw decision.fault
  await waitUntilCovered(db, decision.eventId, { timeoutMs: coverTimeoutMs })
  return decision.granted
}

type OpeningDecision = Decision<OpenedViewing> & { readonly recordingExists?: boolean }

async function decideOpening(
  trx: Trx,
  clock: Clock,
  viewer: Viewer,
  rule: WitnessRule,
  request: { recordingId: string; purpose: string; caseFile: CaseRow | null },
): Promise<OpeningDecision> {
  const recording = await trx
    .selectFrom('recording')
    .where('id', '=', request.recordingId)
    .select(['id', 'device_serial', 'quarantine_reason'])
    .executeTakeFirst()
  if (!recording) return { reason: 'unknown', fault: notFound('recording', request.recordingId) }
  const refuse = (reason: ViewingRefusal, fault: Fault): OpeningDecision => ({ reason, fault, recordingExists: true })
  if (!(await holdsTerm(trx, viewer.id))) return refuse('not_in_office', notInOffice())
  if (recording.quarantine_reason) {
    const message = `this recording is in quarantine (${recording.quarantine_reason}): nothing of it is shown`
    return refuse('quarantined', new Fault('conflict', message))
  }
  if (request.caseFile && !(await isAttached(trx, request.caseFile.id, recording.id))) {
    const message = `caseId: this recording does not lie in the case ${request.caseFile.number}`
    return refuse('not_in_case', new Fault('conflict', message))
  }
  const rendition = await playableRendition(trx, recording.id)
  if ('fault' in rendition) return refuse(rendition.reason, rendition.fault)
  const unwitnessedSince = await unwitnessedTooLong(trx, rule.policy, { ageMsMax: rule.ageMsMax, now: clock.now() })
  const deviceSerial = recording.device_serial
  return insertViewing(trx, clock, viewer, { ...request, deviceSerial, rendition, unwitnessedSince })
}

async function isAttached(trx: Trx, caseId: string, recordingId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('case_recording')
    .where('case_id', '=', caseId)
    .where('recording_id', '=', recordingId)
    .where('detached_at', 'is', null)
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

interface Playable {
  readonly id: string
  readonly kind: (typeof renditionKinds)[number]
  readonly durationMs: number | null
  readonly isPreview: boolean
}

async function playableRendition(
  trx: Trx,
  recordingId: string,
): Promise<Playable | { reason: ViewingRefusal; fault: Fault }> {
  const row = await shownRendition(trx, recordingId)
  if (row?.state === 'not_playable') {
    const message = `this recording cannot be played: ${row.reason ?? 'no reason was noted'}; the original is untouched`
    return { reason: 'not_playable', fault: new Fault('conflict', message) }
  }
  if (!row?.kind) {
    const message = 'this recording is still being made playable: try again in a moment'
    return { reason: 'not_made_yet', fault: new Fault('conflict', message) }
  }
  const { id, kind, state, duration_ms } = row
  return { id, kind, durationMs: state === 'running' ? null : duration_ms, isPreview: state === 'preview' }
}

/**
 * What is shown of a recording: its rendition once something of it is published, until then its preview, else the reason
 * why it cannot be played.
 */
export async function shownRendition(db: Db, recordingId: string) {
  const rows = await db
    .selectFrom('rendition')
    .where('recording_id', '=', recordingId)
    .where('state', 'in', ['ready', 'running', 'preview', 'not_playable'])
    .select(['id', 'state', 'kind', 'duration_ms', 'reason'])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom('rendition_file')
            .whereRef('rendition_file.rendition_id', '=', 'rendition.id')
            .where('rendition_file.kind', 'in', ['segment', 'still'])
            .select('number'),
        )
        .as('has_film'),
    )
    .execute()
  const order = ['ready', 'running', 'preview', 'not_playable']
  return rows
    .filter(({ state, has_film }) => state === 'not_playable' || has_film)
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0]
}

async function insertViewing(
  trx: Trx,
  clock: Clock,
  viewer: Viewer,
  opening: {
    recordingId: string
    deviceSerial: string
    purpose: string
    caseFile: CaseRow | null
    rendition: Playable
    unwitnessedSince: Date | null
  },
): Promise<OpeningDecision> {
  const { recordingId, caseFile, rendition, unwitnessedSince } = opening
  const now = clock.now()
  const viewingId = newId(now)
  const leaseUntil = new Date(now.getTime() + viewingLeaseMs)
  const event = await recordEvent(trx, 'viewing.opened', {
    clock,
    by: viewer,
    subjects: [
      { type: 'viewing', id: viewingId },
      { type: 'recording', id: recordingId },
      { type: 'device', id: opening.deviceSerial },
      { type: 'person', id: viewer.id },
      ...(caseFile ? [{ type: 'case', id: caseFile.number }] : []),
    ],
    details: {
      purpose: opening.purpose,
      renditionId: rendition.id,
      fromMs: 0,
      toMs: viewingGrantMs,
      leaseUntil: leaseUntil.toISOString(),
      ...(unwitnessedSince ? { unwitnessedSince: unwitnessedSince.toISOString() } : {}),
    },
  })
  await trx
    .insertInto('viewing')
    .values({
      id: viewingId,
      recording_id: recordingId,
      rendition_id: rendition.id,
      person_id: viewer.id,
      session_hash: viewer.sessionHash,
      purpose: opening.purpose,
      case_id: caseFile?.id ?? null,
      opened_at: event.at,
      lease_until: leaseUntil,
      unwitnessed_since: unwitnessedSince,
    })
    .execute()
  await insertGrant(trx, event, { viewingId, number: 0, fromMs: 0, toMs: viewingGrantMs })
  return {
    granted: {
      viewingId,
      leaseUntil,
      grantedToMs: viewingGrantMs,
      durationMs: rendition.durationMs,
      isPreview: rendition.isPreview,
      kind: rendition.kind,
      tracks: await tracksOf(trx, rendition.id),
      unwitnessedSince,
    },
    eventId: event.id,
  }
}

async function tracksOf(trx: Trx, renditionId: string): Promise<OpenedTrack[]> {
  const rows = await trx
    .selectFrom('rendition_track')
    .where('rendition_id', '=', renditionId)
    .select(['track', 'kind', 'streams', 'channels', 'duration_ms'])
    .orderBy('track')
    .execute()
  return rows.map(({ duration_ms, ...track }) => ({ ...track, durationMs: duration_ms }))
}

/** Notes what this event grants of the film. */
export async function insertGrant(
  trx: Trx,
  event: RecordedEvent,
  grant: { viewingId: string; number: number; fromMs: number; toMs: number },
): Promise<void> {
  await trx
    .insertInto('viewing_grant')
    .values({
      viewing_id: grant.viewingId,
      number: grant.number,
      from_ms: grant.fromMs,
      to_ms: grant.toMs,
      event_id: event.id,
      granted_at: event.at,
    })
    .execute()
}
