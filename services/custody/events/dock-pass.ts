import { Type } from 'typebox'
import { event } from './event.ts'
import { dockPassNames } from './hand-in-words.ts'
import { Count, Id, Text, Time, wordOf } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'

const onePerson = { person: 'one' } as const

/** Work cards and dock codes, by which people are known at a dock and nowhere else. No event tells the number. */
export const dockPassEvents = {
  'dock_pass.given': event({
    zh: '发放工作卡或采集站码',
    en: 'work card or dock code given',
    subjects: onePerson,
    details: { passId: Id, means: wordOf(dockPassNames) },
    rows: (event, replay) => {
      const { passId, means } = event.details
      replay.set('dock_pass', `${event.keyOf('person')}/${passId}`, {
        ...{ means, given_by: event.actor, given_at: event.at },
        ...{ released_by: null, released_at: null, taken_back_by: null, taken_back_at: null },
      })
    },
  }),
  'dock_pass.released': event({
    zh: '复核启用工作卡或采集站码',
    en: 'work card or dock code released',
    subjects: onePerson,
    details: { passId: Id, ...signatureMembers, ...signedListMembers },
    rows: (event, replay) =>
      replay.set('dock_pass', `${event.keyOf('person')}/${event.details.passId}`, {
        released_by: event.actor,
        released_at: event.at,
      }),
  }),
  'dock_pass.taken_back': event({
    zh: '收回工作卡或采集站码',
    en: 'work card or dock code taken back',
    subjects: onePerson,
    details: { passId: Id, reason: Text },
    rows: (event, replay) =>
      replay.set('dock_pass', `${event.keyOf('person')}/${event.details.passId}`, {
        taken_back_by: event.actor,
        taken_back_at: event.at,
      }),
  }),
  'identity.shown': event({
    zh: '采集站身份核对相符',
    en: 'somebody known by a card or code at a dock',
    // The hand-in: none when it was shown before the list was signed.
    subjects: { dock: 'one', device: 'one', hand_in: 'optional', person: 'one' },
    details: { means: wordOf(dockPassNames) },
    rows: (event, replay) =>
      replay.set('dock_identification', `${event.keyOf('dock')}/${event.id}`, {
        device_serial: event.subject('device'),
        hand_in_id: event.subject('hand_in'),
        means: event.details.means,
        person_id: event.subject('person'),
        at: event.at,
      }),
  }),
  'identity.refused': event({
    zh: '采集站身份核对不符',
    en: 'nobody known by a card or code at a dock',
    subjects: { dock: 'one', device: 'optional' },
    details: {
      means: wordOf(dockPassNames),
      /** Wrong tries since `since`, of which this is the last. */
      count: Count,
      since: Time,
      /** Until when the dock asks nobody for this device. Absent while it may. */
      lockedUntil: Type.Optional(Time),
      /** By this wrong code of the day the dock takes no code any more until then, unless somebody lifts that. */
      codesClosedUntil: Type.Optional(Time),
    },
    rows: (event, replay) =>
      replay.set('dock_identification', `${event.keyOf('dock')}/${event.id}`, {
        device_serial: event.subject('device'),
        hand_in_id: null,
        means: event.details.means,
        person_id: null,
        at: event.at,
      }),
  }),
  'identity.limit_lifted': event({
    zh: '恢复采集站输码',
    en: 'limit of wrong dock codes lifted',
    subjects: { dock: 'one' },
    details: {
      /** Wrong codes of that day, or since the limit was lifted before. */
      wrong: Count,
      reason: Text,
    },
    rows: (event, replay) =>
      replay.set('dock_code_lift', `${event.keyOf('dock')}/${event.id}`, {
        lifted_by: event.actor,
        lifted_at: event.at,
      }),
  }),
} as const
