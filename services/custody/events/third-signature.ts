import type { Static } from 'typebox'
import { event } from './event.ts'
import { closed, Digest, Id, Text, Time } from './shapes.ts'
import { signatureMembers } from './signature.ts'

/** The signature itself, and whatever the matter is about, so that it is told wherever the matter is. */
const subjects = {
  third_signature: 'one',
  custodianship: 'optional',
  account: 'any',
  person: 'any',
  recording: 'optional',
  device: 'optional',
  'device-register': 'optional',
  dock: 'optional',
  'dock-register': 'optional',
  setting: 'optional',
  package: 'optional',
  case: 'optional',
} as const

/** What a paper says: who signed it and for which office, and the digest of its scan. */
export const PaperSheet = closed({ name: Text, office: Text, scanSha256: Digest })
export type PaperSheet = Static<typeof PaperSheet>

/** Signatures of somebody outside the bureau's accounts, where the two under an act do not count as two. */
export const thirdSignatureEvents = {
  'signature.third_added': event({
    zh: '补充第三方签署',
    en: 'third signature added',
    subjects,
    /** `matterId`, `putUpSha256`: the event that put the matter up, and the digest of its body. */
    details: { act: Text, matterId: Id, putUpSha256: Digest, paper: PaperSheet, confirmBy: Time },
    rows: (event, replay) => {
      const { act, matterId, paper, confirmBy } = event.details
      replay.set('third_signature', event.keyOf('third_signature'), {
        ...{ act, matter_id: matterId, signer_name: paper.name, signer_office: paper.office },
        ...{ scan_sha256: paper.scanSha256, confirm_by: confirmBy, added_by: event.actor, added_at: event.at },
        ...{ decided_by: null, decided_at: null, confirmed: null },
      })
    },
  }),
  'signature.third_confirmed': event({
    zh: '核对第三方签署',
    en: 'third signature confirmed',
    subjects,
    details: { act: Text, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('third_signature', event.keyOf('third_signature'), {
        ...{ decided_by: event.actor, decided_at: event.at, confirmed: true },
      }),
  }),
  'signature.third_refused': event({
    zh: '第三方签署核对不符',
    en: 'third signature not confirmed',
    subjects,
    details: { act: Text, reason: Text, ...signatureMembers },
    rows: (event, replay) =>
      replay.set('third_signature', event.keyOf('third_signature'), {
        ...{ decided_by: event.actor, decided_at: event.at, confirmed: false },
      }),
  }),
} as const
