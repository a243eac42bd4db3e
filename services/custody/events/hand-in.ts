import { Type } from 'typebox'
import { identityGrades } from '../../foundation/db/words.ts'
import { event } from './event.ts'
import { statementKindNames } from './hand-in-words.ts'
import type { ReplayedEvent } from './replay.ts'
import { Count, Id, orNull, Text, wordOf, YesNo } from './shapes.ts'

const correctionSubjects = { hand_in: 'one', 'hand-in-list': 'optional', device: 'several', person: 'any' } as const

/** A correction of whose a hand-in is: null leaves what the list says. */
const Correction = { correctionId: Id, deviceSerial: orNull(Text), userId: orNull(Id) }

/** What is said of a hand-in after its list was signed. */
export const handInEvents = {
  'hand_in.said': event({
    zh: '交存人陈述',
    en: 'word of whoever handed in',
    subjects: { hand_in: 'one', 'hand-in-list': 'optional', device: 'one', dock: 'one', person: 'optional' },
    details: {
      statementId: Id,
      dockMessageId: Text,
      statement: wordOf(statementKindNames),
      /** Lines of the list; empty for all. */
      lineNumbers: Type.Array(Count),
      words: orNull(Text),
      grade: Type.Enum([...identityGrades]),
      /** As in `gap.explained`. */
      identified: YesNo,
      saidAt: Text,
    },
    rows: (event, replay) => {
      const { statementId, dockMessageId, statement, lineNumbers, words, grade, identified, saidAt } = event.details
      replay.set('hand_in_statement', `${event.keyOf('hand_in')}/${statementId}`, {
        dock_message_id: dockMessageId,
        kind: statement,
        line_numbers: [...lineNumbers],
        ...{ words, grade, identified, said_at: saidAt },
        person_id: event.subject('person'),
        kept_at: event.at,
      })
    },
  }),
  'hand_in.correction_asked': event({
    zh: '申请更正交存单',
    en: 'correction of a hand-in asked for',
    subjects: correctionSubjects,
    details: { ...Correction, reason: Text },
    rows: (event, replay) => {
      const { correctionId, deviceSerial, userId, reason } = event.details
      replay.set('hand_in_correction', `${event.keyOf('hand_in')}/${correctionId}`, {
        ...{ device_serial: deviceSerial, user_id: userId, reason },
        ...{ asked_by: event.actor, asked_at: event.at, decided_by: null, decided_at: null, confirmed: null },
      })
    },
  }),
  'hand_in.corrected': event({
    zh: '更正交存单',
    en: 'hand-in corrected',
    subjects: correctionSubjects,
    details: { ...Correction, reason: Text, askedBy: Id },
    rows: (event, replay) =>
      replay.set('hand_in_correction', `${event.keyOf('hand_in')}/${event.details.correctionId}`, decided(event, true)),
  }),
  'hand_in.correction_refused': event({
    zh: '不同意更正交存单',
    en: 'correction of a hand-in refused',
    subjects: correctionSubjects,
    details: { ...Correction, reason: Text, askedBy: Id },
    rows: (event, replay) =>
      replay.set(
        'hand_in_correction',
        `${event.keyOf('hand_in')}/${event.details.correctionId}`,
        decided(event, false),
      ),
  }),
} as const

function decided(event: ReplayedEvent<unknown>, confirmed: boolean) {
  return { decided_by: event.actor, decided_at: event.at, confirmed }
}
