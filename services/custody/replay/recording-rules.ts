import type { EventKind } from '../events.ts'
import { hexOfName, membersOf, textOf } from './details.ts'
import type { Details, Replay, Rule, ToldEvent } from './replay.ts'

/** What events tell of recordings, their copies, their quarantine, the cases they lie in, and the uploads they came by. */
export const recordingRules: Partial<Record<EventKind, Rule>> = {
  'recording.sealed': sealed,
  'recording.quarantined': sealed,
  'recording.duplicate': (event, replay) => endUpload(event, replay, 'duplicate'),
  'recording.verified': (event, replay) => {
    const recordingId = textOf(event.subject('recording'))
    replay.set('recording', recordingId, { sm3: event.details.sm3 ?? null })
    replay.set('copy', `${recordingId}/${event.details.store}`, { state: 'verified', verified_at: event.at })
  },
  'recording.copied': (event, replay) => {
    replay.set('copy', `${event.subject('recording')}/${event.details.store}`, {
      ...placeOf(event.details),
      retain_until: event.details.retainUntil ?? null,
      legal_hold: event.details.legalHold ?? null,
      state: 'verified',
      verified_at: event.at,
    })
  },
  'recording.secured': (event, replay) => {
    replay.set('recording', textOf(event.subject('recording')), { state: 'secured', secured_at: event.at })
  },
  'recording.damaged': (event, replay) => {
    const recordingId = textOf(event.subject('recording'))
    replay.set('recording', recordingId, { state: 'damaged' })
    const copy = { ...placeOf(event.details), state: 'damaged', verified_at: null }
    replay.set('copy', `${recordingId}/${event.details.store}`, copy)
  },
  'upload.created': (event, replay) => {
    replay.set('upload', textOf(event.subject('upload')), {
      dock_id: event.subject('dock'),
      hand_in_id: event.subject('hand_in'),
      device_serial: event.subject('device'),
      name: hexOfName(event.details.name),
      bytes: event.details.bytes ?? null,
      mark: event.details.mark ?? null,
    })
  },
  'upload.terminated': (event, replay) =>
    replay.set('upload', textOf(event.subject('upload')), { state: 'terminated' }),
  'upload.expired': (event, replay) => replay.set('upload', textOf(event.subject('upload')), { state: 'expired' }),
  'quarantine.proposed': (event, replay) => {
    const { proposalId, outcome, reason } = event.details
    replay.set('quarantine_proposal', `${event.subject('recording')}/${proposalId}`, {
      outcome: outcome ?? null,
      reason: reason ?? null,
      proposed_by: event.actor,
      proposed_at: event.at,
      decided_by: null,
    })
  },
  'quarantine.resolved': (event, replay) => {
    const recordingId = textOf(event.subject('recording'))
    const { proposalId, confirmed, outcome } = event.details
    replay.set('quarantine_proposal', `${recordingId}/${proposalId}`, {
      decided_by: event.actor,
      decided_at: event.at,
      confirmed: confirmed ?? null,
    })
    if (confirmed !== true) return
    replay.set('recording', recordingId, { quarantine_ended_at: event.at })
    if (outcome === 'accept') replay.set('recording', recordingId, { quarantine_reason: null })
  },
  'recording.attached': (event, replay) => {
    const place = `${event.subject('recording')}/${event.subject('case')}`
    replay.set('case_recording', `${place}/${event.at}`, {
      stage: event.details.stage ?? null,
      officer_ids: event.details.officerIds ?? null,
      attached_by: event.actor,
      detached_at: null,
    })
  },
  'recording.detached': (event, replay) => {
    const place = `${event.subject('recording')}/${event.subject('case')}/`
    const open = replay.keys('case_recording', place, (facts) => facts.detached_at === null).at(-1)
    if (open) replay.set('case_recording', open, { detached_at: event.at })
  },
}

function sealed(event: ToldEvent, replay: Replay): void {
  const { details } = event
  const recordingId = textOf(event.subject('recording'))
  replay.set('recording', recordingId, {
    dock_id: event.subject('dock'),
    hand_in_id: event.subject('hand_in'),
    device_serial: event.subject('device'),
    officer_id: event.subject('person'),
    name: hexOfName(details.name),
    media_kind: details.mediaKind ?? null,
    bytes: details.bytes ?? null,
    sha256: details.sha256 ?? null,
    mark: details.mark ?? null,
    device_time: details.deviceTime ?? null,
    clock_offset_ms: details.clockOffsetMs ?? null,
    corrected_time: details.correctedTime ?? null,
    flags: details.flags ?? [],
    quarantine_reason: details.reason ?? null,
    quarantine_ended_at: null,
    sealed_at: event.at,
    state: 'sealed',
    secured_at: null,
    sm3: null,
  })
  const copy = membersOf(details.copy)
  replay.set('copy', `${recordingId}/${copy.store}`, {
    ...placeOf(copy),
    retain_until: copy.retainUntil ?? null,
    legal_hold: copy.legalHold ?? null,
    stored_at: event.at,
    state: 'stored',
    verified_at: null,
  })
  endUpload(event, replay, event.kind === 'recording.sealed' ? 'sealed' : 'quarantined')
}

function placeOf(details: Details) {
  return {
    object_key: details.key ?? null,
    version_id: details.versionId ?? null,
    host_name: details.host ?? null,
  }
}

function endUpload(event: ToldEvent, replay: Replay, state: string): void {
  const uploadId = event.subject('upload')
  if (uploadId) replay.set('upload', uploadId, { state, recording_id: event.subject('recording') })
}
