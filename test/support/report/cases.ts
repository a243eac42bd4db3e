import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import { at, recordingId, writtenAt } from './events.ts'
import {
  added,
  both,
  type Change,
  changed,
  detailed,
  factsFrom,
  inserted,
  placed,
  soundEvents,
  without,
} from './facts.ts'
import { corrected, gapFound } from './gaps.ts'
import { release, reset, spareUse, thirdAdded, thirdSigner } from './openings.ts'
import { acceptedByTwo } from './quarantine.ts'
import { readLater } from './read-later.ts'

/** For each sentence of the report a case in which it stands and one in which it must not. */
export interface SentenceCase {
  readonly said: ReportFacts
  readonly unsaid: ReportFacts
}

const sound = factsFrom(soundEvents())
const with_ = (change: Change, changes: Partial<ReportFacts> = {}) => factsFrom(change(soundEvents()), changes)
const same: Change = (bodies) => bodies
const empty = factsFrom([])
const noRecordings = with_((bodies) =>
  bodies.filter(({ subjects }) => !subjects.some(({ type }) => type === 'recording' || type === 'upload')),
)
/** It stands in a sound case, and not after this. */
const soundly = (change: Change, changes: Partial<ReportFacts> = {}): SentenceCase => ({
  said: sound,
  unsaid: with_(change, changes),
})
/** It stands after this, and not in a sound case. */
const after = (change: Change, changes: Partial<ReportFacts> = {}): SentenceCase => ({
  said: with_(change, changes),
  unsaid: sound,
})
const nowhere: SentenceCase = { said: sound, unsaid: noRecordings }

const sealed = (details: Parameters<typeof detailed>[1]) => detailed('recording.sealed', details)
/** What the request says of the original media of both recordings. */
const mediumOf = (originalMedium: string) =>
  detailed('package.requested', {
    recordings: [0, 1].map((n) => ({
      ...{ recordingId: recordingId(n), proves: '证明当事人占用人行道经营', transcript: null },
      originalMedium,
    })),
  })
const damage = {
  store: 'backup-a',
  host: '主机二',
  key: 'k',
  versionId: 'v',
  sealed: { sha256: 'a'.repeat(64), bytes: 1 },
}
const damaged = added('recording.copied', { kind: 'recording.damaged', details: { ...damage, found: null } })
const cleared = (basis: 'witnessed' | 'before_witness') =>
  added('recording.secured', {
    ...{ kind: 'recording.cleared', actor: 'd', actorRole: 'dock' },
    details: { clearingId: 'c', line: 0, basis, sha256: 'a'.repeat(64), receiptIndex: 40 },
  })
const cardKept = added('hand_in.opened', {
  kind: 'device.card_kept',
  details: {
    ...{ saidAt: at(writtenAt - 100), handInId: 'h0', sealNumber: 'FT-0031', keeper: '李明', place: '证物柜3' },
    ...{ reportId: 'r-1', reportSha256: 'ab'.repeat(32) },
  },
})
const detached = added('recording.attached', {
  ...{ kind: 'recording.detached', actor: 'custodian', actorRole: 'custodian' },
  details: { stage: 'investigation', reason: '误归' },
})
const quarantined = both(
  detailed('recording.sealed', { reason: 'digest_differs' }),
  changed('recording.sealed', { kind: 'recording.quarantined' }),
)
const unregistered = without('person.created', 'person.released')
const young = changed('person.created', { at: at(0) }, ({ subjects }) => subjects.some(({ id }) => id === 'supervisor'))
const deputised = changed('package.signed', { actor: 'auditor', actorRole: 'deputy', onBehalfOf: 'supervisor' })
const oneSeat = detailed('package.signed', { sameSeat: { with: 'custodian', by: 'browser', minutesApart: 3 } })
const loose = { ...sound.closure, loose: [placed(soundEvents()[0]!, 900)] }
const unstated = detailed('package.requested', { witnessRelations: undefined })
const related = (relation: string) =>
  detailed('package.requested', {
    witnessRelations: { versionId: 'v', stated: [{ witness: 'witness.test/一', relation }] },
  })
const resetAt = writtenAt - 1100
const resetAndReleased = inserted(
  reset(resetAt, 'administrator', 'custodian'),
  release(resetAt + 5, 'auditor', [resetAt, 'custodian']),
)
const hands = { sealed: 'supervisor', confirmed: 'officer', asked: 'supervisor', opened: 'auditor' } as const
const openedBySpare = inserted(reset(resetAt, 'administrator', 'custodian'), ...spareUse(resetAt, 'custodian', hands))
const onThird = both(
  detailed('package.signed', { third: thirdSigner }),
  inserted(thirdAdded(writtenAt - 600, writtenAt + 9000)),
)
/** The lists' lines without their digests, as of a dock that had not read the files. */
const noDigests = sound.handIns.map(({ handInId, lines }) => ({
  handInId,
  lines: lines.map((shown) => ({ ...shown, line: { ...shown.line, sha256: null } })),
}))
const otherDock = detailed('dock.registered', { publicKey: 'ab'.repeat(32) })
const notes = detailed('rendition.ready', { notShown: [{ stream: 3, why: 'encrypted' }] })

export const sentenceCases: Readonly<Record<string, SentenceCase>> = {
  no_recordings: { said: noRecordings, unsaid: sound },
  recorded_by: nowhere,
  dock_signed: soundly(without('dock.released')),
  dock_signature_missing: after(changed('dock.released', { actor: 'administrator' })),
  stored_on: nowhere,
  separate_services: soundly(changed('recording.copied', { actor: 'ingest' })),
  playable_made_with: soundly(without('rendition.published')),
  no_playable: after(without('rendition.published')),
  origin_of_each: nowhere,
  clock_measured: soundly(sealed({ clockOffsetMs: null })),
  clock_not_measured: after(sealed({ clockOffsetMs: null })),
  device_time_missing: after(sealed({ deviceTime: null })),
  three_copies: soundly(damaged),
  secured: soundly(detailed('recording.secured', { sha256: 'f'.repeat(64) })),
  fewer_copies: after(damaged),
  original_medium: after(mediumOf('存储卡封存于证物室，封条号 0012')),
  original_cleared: after(cleared('witnessed')),
  original_cleared_before_witness: after(cleared('before_witness')),
  original_card_kept: after(cardKept),
  original_medium_missing: {
    said: sound,
    unsaid: with_(mediumOf('存储卡封存于证物室，封条号 0012')),
  },
  locked: soundly(detailed('recording.copied', { legalHold: false })),
  not_all_locked: after(
    both(detailed('recording.copied', { retainUntil: at(writtenAt - 1) }), without('recording.secured')),
  ),
  custodian_viewings: soundly(changed('viewing.opened', { actor: 'officer', actorRole: 'officer' })),
  other_viewings: after(changed('viewing.opened', { actor: 'officer', actorRole: 'officer' })),
  no_viewings: after(without('viewing.opened', 'viewing.ended')),
  administrator_no_media: soundly(
    added('viewing.opened', {
      ...{ kind: 'viewing.refused', actor: 'administrator', actorRole: 'administrator' },
      details: { reason: 'wrong_role' },
    }),
  ),
  damaged: after(damaged),
  extracted_by: soundly(without('package.requested')),
  approved_by_another: soundly(changed('package.signed', { actor: 'custodian' })),
  playable_joined: soundly(without('rendition.ready')),
  dock_digest_same: soundly(same, { handIns: noDigests }),
  dock_digest_signed: { said: readLater(), unsaid: readLater({ dockDigest: undefined }) },
  dock_digest_differs: after(sealed({ listedSha256: 'f'.repeat(64) })),
  verified_after: soundly(without('recording.verified')),
  originals_compared: soundly(detailed('package.requested', { withFootage: false })),
  no_footage: after(detailed('package.requested', { withFootage: false })),
  exceptions: after(detached),
  no_exceptions: soundly(damaged),
  events_counted: { said: sound, unsaid: empty },
  before_dock: nowhere,
  both_digests: soundly(without('recording.verified')),
  sm3_missing: after(without('recording.verified')),
  witnessed: soundly(same, { witnessedAt: null }),
  not_witnessed: after(same, { witnessedAt: null }),
  witness_relations: soundly(unstated),
  witness_relations_missing: after(unstated),
  witness_not_independent: after(related('same_town')),
  timestamped: soundly(same, { timestamps: [] }),
  not_timestamped: after(same, { timestamps: [] }),
  two_officers: soundly(detailed('recording.attached', { officerIds: ['officer'] })),
  fewer_officers: after(detailed('recording.attached', { fewerOfficersReason: '当日仅一名持证人员在岗' })),
  certificates: soundly(detailed('person.created', { certificateNumber: undefined })),
  certificate_missing: after(detailed('person.created', { certificateNumber: null })),
  assistants: after(detailed('case.opened', { participantIds: ['assistant'] })),
  accounts_by_two: soundly(changed('person.released', { actor: 'administrator' })),
  accounts_otherwise: after(unregistered),
  account_resets: after(resetAndReleased),
  account_spares: after(openedBySpare),
  both_offices: after(
    both(
      resetAndReleased,
      inserted(release(resetAt + 6, 'supervisor', [resetAt, 'custodian'], { isSecond: true })),
      without('viewing.opened', 'viewing.ended'),
    ),
  ),
  new_accounts: after(young),
  deputies: after(deputised),
  third_signatures: after(onThird),
  same_seat: after(oneSeat),
  proves: soundly(detailed('package.requested', { recordings: undefined })),
  proves_missing: after(detailed('package.requested', { recordings: undefined })),
  filed: soundly(without('recording.attached')),
  hand_in_counts: soundly(otherDock),
  hand_in_days: soundly(otherDock),
  hand_in_not_counted: after(otherDock),
  on_no_list: after(otherDock),
  taken_out: after(detached),
  gap_not_witnessed: after(same, { witnessedAt: null }),
  gap_no_timestamp: after(same, { timestamps: [] }),
  gap_unreadable: after(detailed('viewing.opened', { purpose: 7 })),
  gap_loose: after(same, { closure: loose }),
  gap_in_hand_in: after(gapFound),
  gap_hand_in_corrected: after(corrected),
  gap_quarantined: after(quarantined),
  gap_accepted: after(acceptedByTwo),
  gap_not_in_case: after(detached),
  gap_one_host: after(both(detailed('recording.copied', { host: '主机一' }), without('recording.secured'))),
  gap_flags: after(sealed({ flags: ['name_contradicts'] })),
  gap_no_device_time: after(sealed({ deviceTime: null })),
  gap_no_offset: after(sealed({ clockOffsetMs: null })),
  gap_clock_off: after(sealed({ clockOffsetMs: 95_000 })),
  gap_no_playable: after(without('rendition.ready')),
  gap_rendition_notes: after(notes),
  no_gaps: soundly(without('recording.copied')),
  proves_originals: soundly(detailed('package.requested', { withFootage: false })),
  proves_events: { said: sound, unsaid: empty },
  proves_witnesses: soundly(same, { witnessedAt: null }),
  proves_time: soundly(same, { timestamps: [] }),
  proves_dock: soundly(sealed({ flags: ['not_on_list'] })),
  proves_request: soundly(without('package.requested')),
  proves_approval: soundly(changed('package.signed', { actor: 'custodian' })),
  proves_files: { said: sound, unsaid: empty },
  unproven_before_dock: nowhere,
  unproven_not_entered: { said: sound, unsaid: empty },
  unproven_person: { said: sound, unsaid: empty },
  unproven_operator: after(same, { witnessedAt: null }),
  unproven_loose: after(same, { closure: loose }),
}
