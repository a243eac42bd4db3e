import type { EventBody } from './entry.ts'
import { subjectText } from './links.ts'

/** What happens once: at most one event of all these kinds, of one subject and with the same texts in these members. */
export interface Once {
  readonly kinds: readonly string[]
  /** The type of subject; before registers had subjects of their own their acts named the second one instead. */
  readonly subject: string
  readonly olderSubject?: string
  /** Of `details`; an event that lacks one of these texts is none of those that are counted. */
  readonly members: readonly string[]
  /** A member of `details` that is true in one of two events, which may both be there, and absent in the other. */
  readonly truth?: string
}

const ofAccount = { subject: 'account', olderSubject: 'person' } as const
const ofDock = { subject: 'dock-register', olderSubject: 'dock', members: [] } as const
const ofList = { subject: 'hand-in-list', olderSubject: 'hand_in' } as const
const ofDevice = { subject: 'device-register', olderSubject: 'device' } as const

/**
 * What the ledger's services do once: DESIGN.md §6, "Once". A second event of the kind was written by somebody else, or
 * replaces what the first one said.
 */
export const onceTable: readonly Once[] = [
  { kinds: ['person.created'], ...ofAccount, members: [] },
  { kinds: ['person.opened'], ...ofAccount, members: ['openingId'] },
  { kinds: ['person.released'], ...ofAccount, members: ['openingId'], truth: 'isSecond' },
  { kinds: ['person.release_stopped'], ...ofAccount, members: ['openingId'] },
  { kinds: ['person.disabled'], ...ofAccount, members: [] },
  { kinds: ['person.disabled', 'person.shut_refused'], ...ofAccount, members: ['shuttingId'] },
  { kinds: ['deputyship.named'], ...ofAccount, members: ['deputyshipId'] },
  { kinds: ['deputyship.signed', 'deputyship.refused'], ...ofAccount, members: ['deputyshipId'] },
  { kinds: ['deputyship.ended'], ...ofAccount, members: ['deputyshipId'] },
  { kinds: ['spare.sealed'], ...ofAccount, members: ['spareId'] },
  { kinds: ['spare.placed'], subject: 'person', members: ['spareId'] },
  { kinds: ['spare.confirmed'], ...ofAccount, members: ['spareId'] },
  { kinds: ['spare.opened'], ...ofAccount, members: ['spareId'] },
  { kinds: ['device.registered'], ...ofDevice, members: [] },
  { kinds: ['device.keeper_asked'], ...ofDevice, members: ['changeId'] },
  { kinds: ['device.keeper_changed', 'device.keeper_refused'], ...ofDevice, members: ['changeId'] },
  { kinds: ['dock.registered'], ...ofDock },
  { kinds: ['dock.released'], ...ofDock },
  { kinds: ['dock.revoked'], ...ofDock },
  { kinds: ['custodian.appointed'], subject: 'custodianship', members: [] },
  { kinds: ['custodian.handover_proposed'], subject: 'person', members: ['handoverId'] },
  { kinds: ['custodian.handover_signed'], subject: 'person', members: ['handoverId', 'part'] },
  { kinds: ['custodian.handed_over', 'custodian.handover_withdrawn'], subject: 'person', members: ['handoverId'] },
  { kinds: ['hand_in.opened'], ...ofList, members: [] },
  { kinds: ['upload.created'], subject: 'upload', members: [] },
  {
    kinds: ['recording.sealed', 'recording.quarantined', 'recording.duplicate', 'upload.terminated', 'upload.expired'],
    subject: 'upload',
    members: [],
  },
  { kinds: ['recording.sealed', 'recording.quarantined'], subject: 'recording', members: [] },
  { kinds: ['quarantine.proposed'], subject: 'recording', members: ['proposalId'] },
  { kinds: ['quarantine.resolved'], subject: 'recording', members: ['proposalId'] },
  { kinds: ['clearing.giving_up_asked'], ...ofList, members: ['givingUpId'] },
  { kinds: ['clearing.given_up', 'clearing.giving_up_refused'], ...ofList, members: ['givingUpId'] },
  { kinds: ['rendition.supply_proposed'], subject: 'recording', members: ['supplyId'] },
  { kinds: ['rendition.supplied', 'rendition.supply_refused'], subject: 'recording', members: ['supplyId'] },
  { kinds: ['case.opened'], subject: 'case', members: [] },
  { kinds: ['viewing.opened'], subject: 'viewing', members: [] },
  { kinds: ['viewing.ended'], subject: 'viewing', members: [] },
  { kinds: ['package.requested'], subject: 'package', members: [] },
  { kinds: ['package.signed', 'package.refused'], subject: 'package', members: [] },
  { kinds: ['signature.third_added'], subject: 'third_signature', members: [] },
  { kinds: ['signature.third_confirmed', 'signature.third_refused'], subject: 'third_signature', members: [] },
]

/** An event that happens once, as a text that only an event equals which must not be beside it. */
export interface OnceKey {
  readonly key: string
  /** `account:…`: what it happens to once. */
  readonly subject: string
}

/** The keys of all that an event does once; none for most events. */
export function onceKeys({ kind, subjects, details }: Pick<EventBody, 'kind' | 'subjects' | 'details'>): OnceKey[] {
  return onceTable.flatMap(({ kinds, subject, olderSubject, members, truth }, row) => {
    if (!kinds.includes(kind)) return []
    const texts = members.map((member) => details[member])
    if (!texts.every((text) => typeof text === 'string')) return []
    const own = subjects.filter(({ type }) => type === subject || type === olderSubject).map(({ id }) => id)
    return [...new Set(own)].map((id) => ({
      key: JSON.stringify([row, id, ...texts, ...(truth === undefined ? [] : [details[truth] === true])]),
      subject: subjectText({ type: subject, id }),
    }))
  })
}
