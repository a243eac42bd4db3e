import { Type } from 'typebox'
import { By } from './dock-report.ts'
import { event } from './event.ts'
import type { ReplayedEvent } from './replay.ts'
import { Count, closed, Digest, Id, Text, wordOf, YesNo } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { clearingBases, leftNames } from './words.ts'

const removalSubjects = { recording: 'one', hand_in: 'one', device: 'one', dock: 'one' } as const
/** The list is named from when announcements went with the cases of a hand-in. */
const clearingSubjects = { hand_in: 'one', 'hand-in-list': 'optional', device: 'one', dock: 'one' } as const
/** Of one file: its line of the hand-in's list, the digest that was announced, its receipt. */
const fileDetails = {
  clearingId: Id,
  /** The event that announced the clearing, where that is shown with the case. */
  announcement: Type.Optional(Id),
  line: Count,
  basis: wordOf(clearingBases),
  /** Of the file on the device right before, which the dock says it has read again. */
  sha256: Digest,
  receiptIndex: Count,
}

const givenUp = { givingUpId: Id, clearingId: Id, askedBy: Id, reason: Text }

/** What a dock removes from a device: the whole list before the first file goes, each file that went, and the rest. */
export const clearingEvents = {
  'clearing.announced': event({
    zh: '清空前登记',
    en: 'clearing announced',
    subjects: clearingSubjects,
    details: {
      clearingId: Id,
      files: Count,
      /** How many on each basis. */
      witnessed: Count,
      beforeWitness: Count,
      /** SHA-256 of the list in canonical form: number, digest, basis and receipt of each file. */
      listSha256: Digest,
      /** How full the dock said the device was; absent where it said nothing. */
      fullPercent: Type.Optional(Count),
      /** Who tapped [清空] at the dock, where the bureau’s policy is to ask; absent where nobody was asked. */
      by: Type.Optional(By),
      /** Whether this service had known that person there shortly before. */
      identified: Type.Optional(YesNo),
    },
    rows: (event, replay) => {
      const { clearingId, listSha256, fullPercent } = event.details
      replay.set('clearing', `${event.keyOf('hand_in')}/${clearingId}`, {
        dock_id: event.subject('dock'),
        full_percent: fullPercent ?? null,
        list_sha256: listSha256,
        announced_at: event.at,
        ended_at: null,
        given_up_at: null,
      })
    },
  }),
  'recording.cleared': event({
    zh: '设备上的原文件已清空',
    en: 'file removed from the device',
    subjects: removalSubjects,
    details: fileDetails,
    rows: (event, replay) => {
      const { clearingId, line, basis, sha256, receiptIndex } = event.details
      replay.set('clearing_file', `${event.keyOf('recording')}/${clearingId}/${line}`, {
        hand_in_id: event.subject('hand_in'),
        basis,
        sha256,
        receipt_index: receiptIndex,
        outcome: 'cleared',
      })
    },
  }),
  'recording.not_cleared': event({
    zh: '设备上的原文件未清空',
    en: 'file announced for removal was not removed',
    subjects: removalSubjects,
    /**
     * `sha256` is what was announced: as `digest_differs` the device held other bytes then. `outcome_unknown` people say, in an
     * act of two, and never a dock; a later event of the same clearing and line says what the dock found after all.
     */
    details: {
      ...fileDetails,
      why: wordOf(leftNames),
      /** Of `outcome_unknown`: by which act of two. */
      givingUpId: Type.Optional(Id),
    },
    // What became of each stands in the digest of the whole: earlier ones have no event of their own.
    rows: null,
  }),
  'clearing.ended': event({
    zh: '清空结束登记',
    en: 'clearing closed',
    subjects: clearingSubjects,
    details: {
      clearingId: Id,
      cleared: Count,
      /** What stayed or was found otherwise, by why. */
      left: closed({ gone: Count, digest_differs: Count, not_removed: Count, kept: Count }),
      /** SHA-256 of what became of each file, in canonical form. */
      outcomesSha256: Digest,
    },
    rows: (event, replay) =>
      replay.set('clearing', `${event.keyOf('hand_in')}/${event.details.clearingId}`, {
        ended_at: event.at,
        outcomes_sha256: event.details.outcomesSha256,
      }),
  }),
  'clearing.giving_up_asked': event({
    zh: '申请不再等待清空结束登记',
    en: 'giving up of a clearing asked for',
    subjects: clearingSubjects,
    details: { givingUpId: Id, clearingId: Id, reason: Text },
    rows: (event, replay) =>
      replay.set('clearing_giving_up', `${event.keyOf('hand_in')}/${event.details.givingUpId}`, {
        ...{ clearing_id: event.details.clearingId, reason: event.details.reason },
        ...{ asked_by: event.actor, asked_at: event.at },
        ...{ decided_by: null, decided_at: null, confirmed: null },
      }),
  }),
  'clearing.given_up': event({
    zh: '不再等待清空结束登记（清空结果不明）',
    en: 'clearing given up',
    subjects: clearingSubjects,
    details: { ...givenUp, ...signatureMembers },
    rows: (event, replay) => {
      const handIn = event.keyOf('hand_in')
      const { clearingId, givingUpId } = event.details
      replay.set('clearing', `${handIn}/${clearingId}`, { given_up_at: event.at })
      replay.set('clearing_giving_up', `${handIn}/${givingUpId}`, decided(event, true))
    },
  }),
  'clearing.giving_up_refused': event({
    zh: '不同意放弃等待清空结束登记',
    en: 'giving up of a clearing refused',
    subjects: clearingSubjects,
    details: givenUp,
    rows: (event, replay) =>
      replay.set('clearing_giving_up', `${event.keyOf('hand_in')}/${event.details.givingUpId}`, decided(event, false)),
  }),
} as const

function decided(event: ReplayedEvent<unknown>, confirmed: boolean) {
  return { decided_by: event.actor, decided_at: event.at, confirmed }
}
