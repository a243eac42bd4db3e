import { Type } from 'typebox'
import { deviceStates, identityGrades } from '../../foundation/db/words.ts'
import { canonicalText } from '../../ledger/format/canonical.ts'
import { event } from './event.ts'
import { gapKindNames, gapReasonNames, proposalGrounds } from './hand-in-words.ts'
import type { ReplayedEvent } from './replay.ts'
import { Count, closed, Id, Milliseconds, orNull, Text, Time, wordOf, YesNo } from './shapes.ts'

/** With the hand-in's own register, so that what is missing in it is shown with every case of which a file stands on its list. */
const gapSubjects = {
  gap: 'one',
  device: 'one',
  hand_in: 'optional',
  'hand-in-list': 'optional',
  dock: 'optional',
  person: 'optional',
} as const

/** What a gap is, as whoever found it says. Times are texts as the device's clock has them; of a missing hand-in the shift. */
export const GapFacts = closed({
  gapKind: wordOf(gapKindNames),
  /** The dock's own id of it; null for one that this service found. */
  dockGapId: orNull(Text),
  /** Lines of the list beside it, from 0. */
  beforeNumber: orNull(Count),
  afterNumber: orNull(Count),
  fromTime: orNull(Text),
  toTime: orNull(Text),
  lengthMs: orNull(Milliseconds),
  /** How many numbers, or files, are missing. */
  missingNumbers: orNull(Count),
  /** Lines of the list that never came. */
  lineNumbers: Type.Array(Count),
  /** The reason that the dock proposes, what it concludes it from, and the value of that: per cent, or milliseconds. */
  proposed: orNull(
    closed({
      reason: wordOf(gapReasonNames),
      because: wordOf(proposalGrounds),
      value: Type.Integer({ title: 'value' }),
    }),
  ),
  rosterLineId: orNull(Id),
  /** Of a missing hand-in: the device's last state in the shift, where it was in service at no moment of it. */
  deviceState: Type.Optional(Type.Enum([...deviceStates])),
})

/** Gaps (中断) in what was handed in, and what people say of them. */
export const gapEvents = {
  'gap.found': event({
    zh: '发现中断',
    en: 'gap found',
    // The person: whose it is to explain.
    subjects: gapSubjects,
    details: {
      ...GapFacts.properties,
      /** Until when it is to be explained. */
      dueAt: Time,
    },
    rows: (event, replay) => {
      const { gapKind, dueAt, proposed, ...facts } = event.details
      replay.set('gap', event.keyOf('gap'), {
        kind: gapKind,
        device_serial: event.subject('device'),
        hand_in_id: event.subject('hand_in'),
        dock_gap_id: facts.dockGapId,
        before_number: facts.beforeNumber,
        after_number: facts.afterNumber,
        from_time: facts.fromTime,
        to_time: facts.toTime,
        length_ms: facts.lengthMs,
        missing_numbers: facts.missingNumbers,
        line_numbers: [...facts.lineNumbers],
        proposed: proposed && canonicalText({ ...proposed }),
        roster_line_id: facts.rosterLineId,
        device_state: facts.deviceState ?? null,
        person_id: event.subject('person'),
        due_at: dueAt,
        found_by: event.actor,
        found_at: event.at,
        state: 'open',
        decided_by: null,
        decided_at: null,
        decision_reason: null,
      })
    },
  }),
  'gap.explained': event({
    zh: '说明中断情况',
    en: 'gap explained',
    // The person: who explains it, as far as that is known or claimed.
    subjects: gapSubjects,
    details: {
      explanationId: Id,
      /** The dock's own id of what it passes on. */
      dockMessageId: orNull(Text),
      reason: wordOf(gapReasonNames),
      words: orNull(Text),
      grade: Type.Enum([...identityGrades]),
      /** Whether this service itself knew the person by that grade: false for what was tapped at a screen. */
      identified: YesNo,
      /** As the dock says it. */
      saidAt: orNull(Text),
      /** Until when the person is to confirm it; null where the grade is enough. */
      confirmBy: orNull(Time),
    },
    rows: (event, replay) => {
      const { explanationId, dockMessageId, reason, words, grade, identified, saidAt, confirmBy } = event.details
      const gapId = event.keyOf('gap')
      replay.set('gap_explanation', `${gapId}/${explanationId}`, {
        dock_message_id: dockMessageId,
        ...{ reason, words, grade, identified, said_at: saidAt },
        person_id: event.subject('person'),
        given_by: event.actor,
        given_at: event.at,
        confirm_by: confirmBy,
        confirmed_at: null,
        is_own: null,
      })
      // What is added to an explanation that was accepted changes nothing of that, nor is a withdrawn gap one again.
      const state = replay.facts('gap', gapId)?.state
      if (state !== 'accepted' && state !== 'withdrawn') replay.set('gap', gapId, { state: 'explained' })
    },
  }),
  'gap.confirmed': event({
    zh: '本人核对中断情况说明',
    en: 'explanation of a gap looked at by its person',
    subjects: gapSubjects,
    details: {
      explanationId: Id,
      /** Whether it is that person's own. */
      isOwn: YesNo,
      /** Where a gap that was accepted is open again by it: until when it is to be explained. */
      reopenedUntil: Type.Optional(Time),
    },
    rows: (event, replay) => {
      const { explanationId, isOwn, reopenedUntil } = event.details
      const gapId = event.keyOf('gap')
      replay.set('gap_explanation', `${gapId}/${explanationId}`, { confirmed_at: event.at, is_own: isOwn })
      if (isOwn) return
      const others = replay.keys('gap_explanation', `${gapId}/`, ({ is_own }) => is_own !== false)
      const state = others.length === 0 ? 'open' : 'explained'
      if (reopenedUntil !== undefined) replay.set('gap', gapId, { state, due_at: reopenedUntil })
      else if (replay.facts('gap', gapId)?.state === 'explained') replay.set('gap', gapId, { state })
    },
  }),
  'gap.accepted': event({
    zh: '认可中断情况说明',
    en: 'explanation of a gap accepted',
    subjects: gapSubjects,
    details: { reason: orNull(Text) },
    rows: (event, replay) =>
      replay.set('gap', event.keyOf('gap'), { state: 'accepted', ...decision(event, event.details.reason) }),
  }),
  'gap.returned': event({
    zh: '退回中断情况说明',
    en: 'explanation of a gap returned',
    subjects: gapSubjects,
    details: { reason: Text, dueAt: Time },
    rows: (event, replay) => {
      const { reason, dueAt } = event.details
      replay.set('gap', event.keyOf('gap'), { state: 'returned', due_at: dueAt, ...decision(event, reason) })
    },
  }),
  'gap.withdrawn': event({
    zh: '撤销中断',
    en: 'gap withdrawn',
    subjects: gapSubjects,
    details: {
      /** The list that came late and explains it; null when the files that its own list names have come. */
      lateHandInId: orNull(Id),
    },
    rows: (event, replay) => replay.set('gap', event.keyOf('gap'), { state: 'withdrawn' }),
  }),
} as const

function decision(event: ReplayedEvent<unknown>, reason: string | null) {
  return { decided_by: event.actor, decided_at: event.at, decision_reason: reason }
}
