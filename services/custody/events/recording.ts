import { Type } from 'typebox'
import { mediaKinds, quarantineOutcomes, recordingStates, userGrades } from '../../foundation/db/words.ts'
import { type DetailsIn, event } from './event.ts'
import { InventorySummary } from './inventory-summary.ts'
import type { Replay, ReplayedEvent } from './replay.ts'
import {
  Bytes,
  closed,
  copyPlace,
  Digest,
  FileName,
  Id,
  Milliseconds,
  orNull,
  StoreWord,
  Text,
  Time,
  wordOf,
  YesNo,
} from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { signedListMembers } from './signed-list.ts'
import { uploadSubjectTypes } from './upload.ts'
import { quarantineReasonNames, recordingFlags } from './words.ts'

const sealedSubjects = { recording: 'one', ...uploadSubjectTypes, person: 'optional' } as const
const copySubjects = { recording: 'one', device: 'one' } as const
const OutcomeWord = Type.Enum([...quarantineOutcomes])

const sealedDetails = {
  flags: Type.Array(Type.Enum([...recordingFlags])),
  name: FileName,
  bytes: Bytes,
  sha256: Digest,
  /** What the dock said with the upload, and what its signed list says. */
  declaredSha256: orNull(Digest),
  listedSha256: orNull(Digest),
  /**
   * With what the dock signed `declaredSha256` when it had read the file (services/ledger/DESIGN.md §8): its SM3 of the file, if
   * it made one. Absent: it signed no digest but that of its list, if that has one.
   */
  dockDigest: Type.Optional(closed({ sm3: orNull(Digest), signature: Text })),
  mark: YesNo,
  mediaKind: Type.Enum([...mediaKinds]),
  deviceTime: orNull(Time),
  /** As the device said it, whether the calendar has it or not; absent when it said none, or before this was kept. */
  deviceTimeText: Type.Optional(Text),
  clockOffsetMs: orNull(Milliseconds),
  correctedTime: orNull(Time),
  /** How it is known whose recording it is; absent before that was kept: then a name's number may have decided. */
  userGrade: Type.Optional(Type.Enum([...userGrades])),
  copy: closed({ ...copyPlace, retainUntil: Time, legalHold: YesNo }),
}
const SealedDetails = closed({ ...sealedDetails, reason: orNull(wordOf(quarantineReasonNames)) })

/** What a copy was found to be instead of what was sealed; `found` is null when the version is gone. */
export const damageDetails = {
  ...copyPlace,
  sealed: closed({ sha256: Digest, bytes: Bytes }),
  found: orNull(closed({ sha256: Digest, bytes: Bytes })),
}

/** Recordings from their seal on, their copies and their quarantine. */
export const recordingEvents = {
  'recording.sealed': event({
    zh: '固定入库',
    en: 'recording sealed',
    subjects: sealedSubjects,
    details: { ...sealedDetails, reason: Type.Null() },
    rows: (event, replay) => seal(event, replay, 'sealed'),
  }),
  'recording.quarantined': event({
    zh: '列为待核实资料',
    en: 'recording quarantined',
    subjects: sealedSubjects,
    details: { ...sealedDetails, reason: wordOf(quarantineReasonNames) },
    rows: (event, replay) => seal(event, replay, 'quarantined'),
  }),
  'recording.duplicate': event({
    zh: '重复交存',
    en: 'recording handed in again',
    subjects: { recording: 'one', ...uploadSubjectTypes },
    details: {
      name: FileName,
      bytes: Bytes,
      sha256: Digest,
      firstState: Type.Enum([...recordingStates]),
      keptVersion: closed({ store: StoreWord, key: Text, versionId: Text }),
    },
    rows: (event, replay) => endUpload(event, replay, 'duplicate'),
  }),
  'recording.verified': event({
    zh: '原始件复核一致',
    en: 'original verified',
    subjects: copySubjects,
    details: { ...copyPlace, bytes: Bytes, sha256: Digest, sm3: Digest },
    rows: (event, replay) => {
      const recordingId = event.keyOf('recording')
      replay.set('recording', recordingId, { sm3: event.details.sm3 })
      replay.set('copy', `${recordingId}/${event.details.store}`, { state: 'verified', verified_at: event.at })
    },
  }),
  'recording.copied': event({
    zh: '备份完成',
    en: 'backup made',
    subjects: copySubjects,
    details: { ...copyPlace, bytes: Bytes, sha256: Digest, retainUntil: Time, legalHold: YesNo, adopted: YesNo },
    rows: (event, replay) => {
      replay.set('copy', `${event.keyOf('recording')}/${event.details.store}`, {
        ...placeColumns(event.details),
        retain_until: event.details.retainUntil,
        legal_hold: event.details.legalHold,
        state: 'verified',
        verified_at: event.at,
      })
    },
  }),
  'recording.secured': event({
    zh: '一存两备已完成',
    en: 'recording secured',
    subjects: copySubjects,
    details: {
      sha256: Digest,
      bytes: Bytes,
      hosts: Type.Integer({ title: 'count', minimum: 1 }),
      hostNames: Type.Array(Text),
      copies: Type.Array(closed({ ...copyPlace, retainUntil: Time, verifiedAt: orNull(Time) })),
    },
    rows: (event, replay) =>
      replay.set('recording', event.keyOf('recording'), { state: 'secured', secured_at: event.at }),
  }),
  'recording.read_again': event({
    zh: '重复交存后三份资料复核一致',
    en: 'copies read again',
    subjects: { ...copySubjects, upload: 'one' },
    /** `begunAt`: when the reading began; what was handed in later is not covered by it. */
    details: { device: Text, bytes: Bytes, sha256: Digest, begunAt: Time, copies: Type.Array(closed(copyPlace)) },
    rows: (event, replay) => {
      for (const { store } of event.details.copies) {
        replay.set('copy', `${event.keyOf('recording')}/${store}`, { verified_at: event.details.begunAt })
      }
    },
  }),
  'recording.damaged': event({
    zh: '存储资料异常',
    en: 'copy damaged',
    subjects: copySubjects,
    details: damageDetails,
    rows: (event, replay) => {
      const recordingId = event.keyOf('recording')
      replay.set('recording', recordingId, { state: 'damaged' })
      const copy = { ...placeColumns(event.details), state: 'damaged', verified_at: null }
      replay.set('copy', `${recordingId}/${event.details.store}`, copy)
    },
  }),
  'recording.inventoried': event({
    zh: '音像资料清点登记',
    en: 'recording inventoried',
    subjects: copySubjects,
    details: {
      ...copyPlace,
      inventorySha256: Digest,
      bytes: Bytes,
      retainUntil: Time,
      legalHold: YesNo,
      /** What looked: the first line of its own version text. */
      tool: Text,
      summary: InventorySummary,
      /** What the file's own clock adds to the recording's flags. Absent: nothing. */
      flags: Type.Optional(Type.Array(Type.Enum([...recordingFlags]))),
    },
    rows: (event, replay) => {
      const recordingId = event.keyOf('recording')
      const { details } = event
      replay.set('recording_inventory', `${recordingId}/${event.id}`, {
        sha256: details.inventorySha256,
        bytes: details.bytes,
        ...placeColumns(details),
        retain_until: details.retainUntil,
        tool: details.tool,
        summary: details.summary,
        event_id: event.id,
        taken_at: event.at,
      })
      const known = replay.facts('recording', recordingId)?.flags
      if (details.flags && Array.isArray(known)) {
        replay.set('recording', recordingId, { flags: [...new Set([...known, ...details.flags])] })
      }
    },
  }),
  'quarantine.proposed': event({
    zh: '待核实资料处理提议',
    en: 'resolution of a quarantine proposed',
    subjects: copySubjects,
    /**
     * `batchId`: one of a whole card that was proposed at once; `twinOf`: the whole card was to be accepted, and this one is
     * kept apart because it is the same file of the same device as this recording.
     */
    details: {
      ...{ proposalId: Id, outcome: OutcomeWord, reason: Text },
      ...{ batchId: Type.Optional(Id), twinOf: Type.Optional(Id) },
    },
    rows: (event, replay) => {
      const { proposalId, outcome, reason, batchId } = event.details
      replay.set('quarantine_proposal', `${event.keyOf('recording')}/${proposalId}`, {
        outcome,
        reason,
        proposed_by: event.actor,
        proposed_at: event.at,
        decided_by: null,
        batch_id: batchId ?? null,
      })
    },
  }),
  'quarantine.resolved': event({
    zh: '待核实资料处理决定',
    en: 'resolution of a quarantine decided',
    subjects: copySubjects,
    details: {
      proposalId: Id,
      proposedBy: Id,
      confirmed: YesNo,
      outcome: OutcomeWord,
      quarantineReason: wordOf(quarantineReasonNames),
      ...signatureMembers,
      ...signedListMembers,
    },
    rows: (event, replay) => {
      const recordingId = event.keyOf('recording')
      const { proposalId, confirmed, outcome } = event.details
      replay.set('quarantine_proposal', `${recordingId}/${proposalId}`, {
        decided_by: event.actor,
        decided_at: event.at,
        confirmed,
      })
      if (!confirmed) return
      replay.set('recording', recordingId, { quarantine_ended_at: event.at })
      if (outcome === 'accept') replay.set('recording', recordingId, { quarantine_reason: null })
    },
  }),
} as const

type Sealed = ReplayedEvent<DetailsIn<typeof SealedDetails>>

function seal(event: Sealed, replay: Replay, uploadState: 'sealed' | 'quarantined'): void {
  const { details } = event
  const recordingId = event.keyOf('recording')
  replay.set('recording', recordingId, {
    dock_id: event.subject('dock'),
    hand_in_id: event.subject('hand_in'),
    device_serial: event.subject('device'),
    officer_id: event.subject('person'),
    ...(details.userGrade !== undefined && { user_grade: details.userGrade }),
    name: Buffer.from(details.name.base64, 'base64').toString('hex'),
    media_kind: details.mediaKind,
    bytes: details.bytes,
    sha256: details.sha256,
    mark: details.mark,
    device_time: details.deviceTime,
    device_time_text: details.deviceTimeText ?? null,
    clock_offset_ms: details.clockOffsetMs,
    corrected_time: details.correctedTime,
    flags: details.flags,
    quarantine_reason: details.reason,
    quarantine_ended_at: null,
    sealed_at: event.at,
    state: 'sealed',
    secured_at: null,
    sm3: null,
  })
  const { copy } = details
  replay.set('copy', `${recordingId}/${copy.store}`, {
    ...placeColumns(copy),
    retain_until: copy.retainUntil,
    legal_hold: copy.legalHold,
    stored_at: event.at,
    state: 'stored',
    verified_at: null,
  })
  endUpload(event, replay, uploadState)
  const uploadId = event.subject('upload')
  const { dockDigest = null } = details
  if (!uploadId) return
  replay.set('upload', uploadId, {
    dock_signature: dockDigest && Buffer.from(dockDigest.signature, 'base64').toString('hex'),
    dock_sm3: dockDigest?.sm3 ?? null,
  })
}

function placeColumns(place: { readonly key: string; readonly versionId: string; readonly host: string }) {
  return { object_key: place.key, version_id: place.versionId, host_name: place.host }
}

function endUpload(event: Omit<Sealed, 'details'>, replay: Replay, state: string): void {
  const uploadId = event.subject('upload')
  if (uploadId) replay.set('upload', uploadId, { state, recording_id: event.subject('recording') })
}
