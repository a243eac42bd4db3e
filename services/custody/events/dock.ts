import { Type } from 'typebox'
import { event } from './event.ts'
import { Count, Text, Time } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'

/** The register of docks. */
export const dockEvents = {
  // Whoever made the code registers the dock that comes with it: both events are about one dock.
  'dock.enrolment_made': event({
    zh: '出具采集站登记码',
    en: 'enrolment code for a dock made',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: { name: Text, expiresAt: Time },
    rows: (event, replay) =>
      replay.set('dock_enrolment', event.keyOf('dock'), {
        name: event.details.name,
        made_by: event.actor,
        made_at: event.at,
        expires_at: event.details.expiresAt,
        used_at: null,
      }),
  }),
  'station.enrolment_refused': event({
    zh: '采集站登记码不符',
    en: 'enrolment code refused',
    // `unknown`: a code that is not one of ours names no dock.
    subjects: { dock: 'one' },
    /** `tries`: from this address within the time for which tries count, this one included. */
    details: { address: Text, tries: Count },
    rows: null,
  }),
  'dock.registered': event({
    zh: '采集站登记',
    en: 'dock registered',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: {
      name: Text,
      publicKey: Text,
      /** Of a dock that enrolled itself with a one-time code: the version of its program. Absent of others. */
      version: Type.Optional(Text),
    },
    rows: (event, replay) => {
      const { name, publicKey, version } = event.details
      const id = event.keyOf('dock')
      // Without the event that made its code there is no row to tell of.
      const isEnrolled = version !== undefined && replay.facts('dock_enrolment', id) !== undefined
      if (isEnrolled) replay.set('dock_enrolment', id, { used_at: event.at })
      replay.set('dock', id, {
        name,
        public_key: publicKey,
        registered_at: event.at,
        released_by: null,
        released_at: null,
        revoked_at: null,
      })
    },
  }),
  'dock.released': event({
    zh: '采集站复核启用',
    en: 'dock released',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: { ...signatureMembers, ...signedListMembers },
    rows: (event, replay) =>
      replay.set('dock', event.keyOf('dock'), { released_by: event.actor, released_at: event.at }),
  }),
  'dock.revoked': event({
    zh: '采集站停用',
    en: 'dock revoked',
    subjects: { dock: 'one', 'dock-register': 'one' },
    details: {},
    rows: (event, replay) => replay.set('dock', event.keyOf('dock'), { revoked_at: event.at }),
  }),
} as const
