import { event } from './event.ts'
import { Id, Text, Time } from './shapes.ts'

const lineSubjects = { person: 'one', device: 'optional' } as const

/** The roster (排班): who is on duty when, and with which device. An event for each line. */
export const rosterEvents = {
  'roster.entered': event({
    zh: '登记排班',
    en: 'roster line entered',
    subjects: lineSubjects,
    details: { lineId: Id, day: Text, startsAt: Time, endsAt: Time },
    rows: (event, replay) => {
      const { lineId, day, startsAt, endsAt } = event.details
      replay.set('roster_line', `${event.keyOf('person')}/${lineId}`, {
        device_serial: event.subject('device'),
        ...{ day, starts_at: startsAt, ends_at: endsAt },
        ...{ entered_by: event.actor, entered_at: event.at, withdrawn_by: null, withdrawn_at: null },
      })
    },
  }),
  'roster.withdrawn': event({
    zh: '撤销排班',
    en: 'roster line withdrawn',
    subjects: lineSubjects,
    details: { lineId: Id },
    rows: (event, replay) =>
      replay.set('roster_line', `${event.keyOf('person')}/${event.details.lineId}`, {
        withdrawn_by: event.actor,
        withdrawn_at: event.at,
      }),
  }),
} as const
