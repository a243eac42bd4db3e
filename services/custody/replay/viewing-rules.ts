import type { EventKind } from '../events.ts'
import type { Replay, Rule, ToldEvent } from './replay.ts'

/** What events tell of viewings and of the film they granted. */
export const viewingRules: Partial<Record<EventKind, Rule>> = {
  'viewing.opened': (event, replay) => {
    replay.set('viewing', keyOf(event), {
      rendition_id: event.details.renditionId ?? null,
      person_id: event.actor,
      purpose: event.details.purpose ?? null,
      case_number: event.subject('case'),
      opened_at: event.at,
      lease_until: event.details.leaseUntil ?? null,
      unwitnessed_since: event.details.unwitnessedSince ?? null,
      ended_at: null,
      end_kind: null,
    })
    grant(event, replay, 0)
  },
  'viewing.renewed': (event, replay) => {
    replay.set('viewing', keyOf(event), { lease_until: event.details.leaseUntil ?? null })
    grant(event, replay, event.details.number as number)
  },
  'viewing.ended': (event, replay) => {
    replay.set('viewing', keyOf(event), {
      ended_at: event.at,
      end_kind: event.details.endKind ?? null,
      // Counted from the rows of what was served: after the end none are added or taken away.
      served_bytes: event.details.servedBytes ?? null,
    })
  },
}

function grant(event: ToldEvent, replay: Replay, number: number): void {
  replay.set('viewing_grant', `${keyOf(event)}/${number}`, {
    from_ms: event.details.fromMs ?? null,
    to_ms: event.details.toMs ?? null,
    event_id: event.id,
    granted_at: event.at,
  })
}

function keyOf(event: ToldEvent): string {
  return `${event.subject('recording')}/${event.subject('viewing')}`
}
