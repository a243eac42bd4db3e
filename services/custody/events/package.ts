import { Type } from 'typebox'
import { event } from './event.ts'
import { Bytes, Count, closed, Digest, Id, Milliseconds, orNull, Text, Time, wordOf, YesNo } from './shapes.ts'
import { signatureMembers } from './signature.ts'
import { WitnessRelations } from './witness-relation.ts'
import { downloadEndNames, transcriptNames } from './words.ts'

const subjects = { package: 'one', case: 'one', person: 'several' } as const
/** What is said of one recording: 证明对象, 相关片段, 声音文字记录, 原始载体. */
const AskedRecording = closed({
  recordingId: Id,
  proves: Text,
  fromMs: Type.Optional(Milliseconds),
  toMs: Type.Optional(Milliseconds),
  transcript: orNull(wordOf(transcriptNames)),
  /** Where the original medium is, or why it cannot be handed over; absent where nothing is said of it. */
  originalMedium: Type.Optional(Text),
})
const decision = { reason: Text, requestedBy: Id, withFootage: YesNo, ...signatureMembers }

/** Evidence packages and their downloads. That one is just being built is progress, and no event. */
export const packageEvents = {
  'package.requested': event({
    zh: '申请举证材料',
    en: 'evidence package requested',
    subjects,
    details: {
      withFootage: YesNo,
      purpose: Text,
      recipient: orNull(closed({ name: Text, organisation: Text })),
      recipientKey: orNull(Text),
      /** Absent where nothing is said of any recording, and before this was asked. */
      recordings: Type.Optional(Type.Array(AskedRecording)),
      /** How the witnesses stand to the bureau by the setting in force then; absent where it was never set, and before this was kept. */
      witnessRelations: Type.Optional(closed({ versionId: Id, stated: WitnessRelations })),
    },
    rows: (event, replay) => {
      const { withFootage, purpose, recipient, recipientKey } = event.details
      replay.set('package', event.keyOf('package'), {
        case_number: event.subject('case'),
        with_footage: withFootage,
        purpose,
        recipient_name: recipient?.name ?? null,
        recipient_organisation: recipient?.organisation ?? null,
        recipient_key: recipientKey,
        requested_by: event.actor,
        requested_at: event.at,
        state: withFootage ? 'awaiting_signature' : 'queued',
        decided_by: null,
        decided_at: null,
        checkpoint_size: null,
        version_id: null,
        bytes: null,
        sha256: null,
        failure: null,
        ready_at: null,
        expires_at: null,
      })
    },
  }),
  'package.signed': event({
    zh: '批准举证材料',
    en: 'evidence package approved',
    subjects,
    details: decision,
    rows: (event, replay) => {
      replay.set('package', event.keyOf('package'), {
        state: 'queued',
        decided_by: event.actor,
        decided_at: event.at,
      })
    },
  }),
  'package.refused': event({
    zh: '不批准举证材料',
    en: 'evidence package not approved',
    subjects,
    details: decision,
    rows: (event, replay) => {
      replay.set('package', event.keyOf('package'), {
        state: 'refused',
        decided_by: event.actor,
        decided_at: event.at,
      })
    },
  }),
  // Before the last checkpoint of the package, so that the checkpoint covers what its files are. A run that begins again has
  // an event of its own: the last one counts.
  'package.contents': event({
    zh: '举证材料内容登记',
    en: 'contents of an evidence package entered',
    subjects,
    details: {
      /** Of contents.jsonl, which names each file with its digest. */
      sha256: Digest,
      /** How many files it names, and how long they are together. */
      files: Count,
      bytes: Bytes,
    },
    rows: null,
  }),
  'package.built': event({
    zh: '举证材料制成',
    en: 'evidence package built',
    subjects,
    details: {
      key: Text,
      versionId: Text,
      bytes: Bytes,
      sha256: Digest,
      checkpointSize: Count,
      root: Digest,
      witnessedAt: orNull(Time),
      encrypted: YesNo,
      recordings: Count,
      events: Count,
      expiresAt: Time,
    },
    rows: (event, replay) => {
      const { checkpointSize, key, versionId, bytes, sha256, expiresAt } = event.details
      replay.set('package', event.keyOf('package'), {
        state: 'ready',
        checkpoint_size: checkpointSize,
        object_key: key,
        version_id: versionId,
        bytes,
        sha256,
        ready_at: event.at,
        expires_at: expiresAt,
      })
    },
  }),
  'package.failed': event({
    zh: '举证材料制作失败',
    en: 'evidence package failed',
    subjects,
    details: { failure: Text },
    rows: (event, replay) => {
      replay.set('package', event.keyOf('package'), { state: 'failed', failure: event.details.failure })
    },
  }),
  'package.downloaded': event({
    zh: '下载举证材料',
    en: 'evidence package downloaded',
    subjects,
    details: { downloadId: Id, bytes: Bytes, sha256: Digest, withFootage: YesNo },
    rows: (event, replay) => {
      replay.set('package_download', `${event.keyOf('package')}/${event.details.downloadId}`, {
        person_id: event.actor,
        event_id: event.id,
        started_at: event.at,
        sent_bytes: 0,
        ended_at: null,
        ended_why: null,
      })
    },
  }),
  // A download that was cut and resumed has several: one for each answer.
  'package.download_ended': event({
    zh: '举证材料下载结束',
    en: 'download of an evidence package ended',
    subjects,
    details: {
      downloadId: Id,
      /** What this answer was to send: these bytes of the file. */
      firstByte: Bytes,
      lastByte: Bytes,
      /** At most so many of them went out: what lay in buffers when it ended counts as sent. */
      sentBytes: Bytes,
      /** The same for all answers of this download so far. */
      sentInAll: Bytes,
      why: wordOf(downloadEndNames),
    },
    rows: (event, replay) => {
      const { downloadId, sentInAll, why } = event.details
      replay.set('package_download', `${event.keyOf('package')}/${downloadId}`, {
        sent_bytes: sentInAll,
        ended_at: event.at,
        ended_why: why,
      })
    },
  }),
  'package.expired': event({
    zh: '举证材料到期删除',
    en: 'evidence package expired',
    subjects,
    details: { key: orNull(Text), versionId: orNull(Text), expiresAt: Time },
    rows: (event, replay) => replay.set('package', event.keyOf('package'), { state: 'expired' }),
  }),
} as const
