import type { EventKind } from '../events.ts'
import { membersOf, textOf } from './details.ts'
import type { Rule, ToldEvent } from './replay.ts'

/** What events tell of evidence packages and their downloads. That one is just being built is progress, and no event. */
export const packageRules: Partial<Record<EventKind, Rule>> = {
  'package.requested': (event, replay) => {
    const { withFootage, purpose, recipient, recipientKey } = event.details
    const { name, organisation } = membersOf(recipient)
    replay.set('package', keyOf(event), {
      case_number: event.subject('case'),
      with_footage: withFootage ?? null,
      purpose: purpose ?? null,
      recipient_name: name ?? null,
      recipient_organisation: organisation ?? null,
      recipient_key: recipientKey ?? null,
      requested_by: event.actor,
      requested_at: event.at,
      state: withFootage === true ? 'awaiting_signature' : 'queued',
      decided_by: null,
      decided_at: null,
      checkpoint_size: null,
      version_id: null,
      bytes: null,
      sha256: null,
      failure: null,
      ready_at: null,
      expires_at: null,
    })
  },
  'package.signed': (event, replay) => {
    replay.set('package', keyOf(event), { state: 'queued', decided_by: event.actor, decided_at: event.at })
  },
  'package.refused': (event, replay) => {
    replay.set('package', keyOf(event), { state: 'refused', decided_by: event.actor, decided_at: event.at })
  },
  'package.built': (event, replay) => {
    const { checkpointSize, key, versionId, bytes, sha256, expiresAt } = event.details
    replay.set('package', keyOf(event), {
      state: 'ready',
      checkpoint_size: checkpointSize ?? null,
      object_key: key ?? null,
      version_id: versionId ?? null,
      bytes: bytes ?? null,
      sha256: sha256 ?? null,
      ready_at: event.at,
      expires_at: expiresAt ?? null,
    })
  },
  'package.failed': (event, replay) => {
    replay.set('package', keyOf(event), { state: 'failed', failure: event.details.failure ?? null })
  },
  'package.expired': (event, replay) => {
    replay.set('package', keyOf(event), { state: 'expired' })
  },
  'package.downloaded': (event, replay) => {
    replay.set('package_download', `${keyOf(event)}/${event.details.downloadId}`, {
      person_id: event.actor,
      event_id: event.id,
      started_at: event.at,
    })
  },
}

function keyOf(event: ToldEvent): string {
  return textOf(event.subject('package'))
}
