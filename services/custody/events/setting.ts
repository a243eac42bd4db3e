import { event } from './event.ts'
import type { ReplayedEvent } from './replay.ts'
import { Id, Text, Time } from './shapes.ts'
import { signatureMembers } from './signature.ts'

const subjects = { setting: 'one' } as const

/** Values as canonical JSON (RFC 8785); `before` is what would hold at `validFrom` without this version. */
const versionDetails = { versionId: Id, value: Text, before: Text, source: Text, validFrom: Time }

/** What a bureau sets for itself: each version is proposed by one person and decided by another. */
export const settingEvents = {
  'setting.proposed': event({
    zh: '提议更改设置',
    en: 'setting proposed',
    subjects,
    /** `source`: the rule or decision that says so. */
    details: versionDetails,
    rows: (event, replay) => {
      const { value, source, validFrom } = event.details
      replay.set('setting_version', keyOf(event), {
        ...{ value, source, valid_from: validFrom, state: 'proposed' },
        ...{ proposed_by: event.actor, proposed_at: event.at, decided_by: null, decided_at: null },
      })
    },
  }),
  'setting.changed': event({
    zh: '更改设置',
    en: 'setting changed',
    subjects,
    /** `validFrom`: as it was proposed, or the moment of the decision when that came later. */
    details: { ...versionDetails, proposedBy: Id, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('setting_version', keyOf(event), {
        ...{ state: 'accepted', valid_from: event.details.validFrom },
        ...decisionColumns(event),
      }),
  }),
  'setting.refused': event({
    zh: '不同意更改设置',
    en: 'setting refused',
    subjects,
    details: { versionId: Id, value: Text, proposedBy: Id, reason: Text, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('setting_version', keyOf(event), { state: 'refused', ...decisionColumns(event) }),
  }),
  'setting.withdrawn': event({
    zh: '撤回设置提议',
    en: 'proposal of a setting withdrawn',
    subjects,
    details: { versionId: Id, value: Text },
    rows: (event, replay) =>
      replay.set('setting_version', keyOf(event), { state: 'withdrawn', ...decisionColumns(event) }),
  }),
} as const

function decisionColumns(event: ReplayedEvent<unknown>) {
  return { decided_by: event.actor, decided_at: event.at }
}

function keyOf(event: ReplayedEvent<{ readonly versionId: string }>): string {
  return `${event.keyOf('setting')}/${event.details.versionId}`
}
