import { Type } from 'typebox'
import { viewingEndKinds } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import type { Replay, ReplayedEvent } from './replay.ts'
import { Bytes, Count, closed, Id, Milliseconds, Text, Time, wordOf } from './shapes.ts'
import { askedThings, playedKinds, viewingRefusals } from './words.ts'

const subjects = { viewing: 'one', recording: 'one', person: 'one' } as const

/** Viewings of recordings and the film that they granted. */
export const viewingEvents = {
  'viewing.opened': event({
    zh: '开始调阅',
    en: 'viewing opened',
    subjects: { ...subjects, device: 'one', case: 'optional' },
    details: {
      purpose: Text,
      renditionId: Id,
      fromMs: Milliseconds,
      toMs: Milliseconds,
      leaseUntil: Time,
      /** Since when no witness had seen the ledger's newest part; absent when that was recent enough. */
      unwitnessedSince: Type.Optional(Time),
    },
    rows: (event, replay) => {
      const { renditionId, purpose, leaseUntil, unwitnessedSince } = event.details
      replay.set('viewing', keyOf(event), {
        rendition_id: renditionId,
        person_id: event.actor,
        purpose,
        case_number: event.subject('case'),
        opened_at: event.at,
        lease_until: leaseUntil,
        unwitnessed_since: unwitnessedSince ?? null,
        ended_at: null,
        end_kind: null,
      })
      grant(event, replay, 0)
    },
  }),
  'viewing.refused': event({
    zh: '调阅被拒',
    en: 'viewing refused',
    subjects: { person: 'one', viewing: 'optional', recording: 'optional' },
    details: {
      reason: wordOf(viewingRefusals),
      asked: Type.Optional(Text),
      method: Type.Optional(Text),
      route: Type.Optional(Text),
      what: Type.Optional(Type.Enum([...askedThings])),
      purpose: Type.Optional(Text),
      positionMs: Type.Optional(Milliseconds),
      track: Type.Optional(Count),
      kind: Type.Optional(Type.Enum([...playedKinds])),
      number: Type.Optional(Count),
    },
    rows: null,
  }),
  'viewing.renewed': event({
    zh: '继续调阅',
    en: 'viewing renewed',
    subjects,
    details: { number: Count, positionMs: Milliseconds, fromMs: Milliseconds, toMs: Milliseconds, leaseUntil: Time },
    rows: (event, replay) => {
      replay.set('viewing', keyOf(event), { lease_until: event.details.leaseUntil })
      grant(event, replay, event.details.number)
    },
  }),
  'viewing.ended': event({
    zh: '结束调阅',
    en: 'viewing ended',
    subjects,
    details: {
      endKind: Type.Enum([...viewingEndKinds]),
      openedAt: Time,
      servedRanges: Type.Array(closed({ fromMs: Milliseconds, toMs: Milliseconds })),
      /** How many stretches there are, when only the first ones are listed; `servedMs` counts them all. */
      servedRangesInAll: Type.Optional(Count),
      servedMs: Milliseconds,
      /** By track, when another than the main one was served. */
      servedTracks: Type.Optional(
        Type.Array(
          closed({
            track: Count,
            ranges: Type.Array(closed({ fromMs: Milliseconds, toMs: Milliseconds })),
            rangesInAll: Type.Optional(Count),
            ms: Milliseconds,
          }),
        ),
      ),
      servedBytes: Bytes,
      stills: Count,
      thumbnails: Count,
    },
    rows: (event, replay) => {
      const { endKind, servedBytes } = event.details
      // Served bytes are counted from the rows of what was served: after the end none are added or taken away.
      replay.set('viewing', keyOf(event), { ended_at: event.at, end_kind: endKind, served_bytes: servedBytes })
    },
  }),
} as const

type Granting = ReplayedEvent<{ readonly fromMs: number; readonly toMs: number }>

function grant(event: Granting, replay: Replay, number: number): void {
  replay.set('viewing_grant', `${keyOf(event)}/${number}`, {
    from_ms: event.details.fromMs,
    to_ms: event.details.toMs,
    event_id: event.id,
    granted_at: event.at,
  })
}

function keyOf(event: ReplayedEvent<unknown>): string {
  return `${event.keyOf('recording')}/${event.keyOf('viewing')}`
}
