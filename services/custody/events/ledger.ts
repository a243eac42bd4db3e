import { Type } from 'typebox'
import { event } from './event.ts'
import { fsckChecks } from './fsck-checks.ts'
import { Count, closed, Digest, Id, Milliseconds, orNull, Text, Time, wordOf, YesNo } from './shapes.ts'
import { subjectTypes } from './subjects.ts'
import { downloadEndNames, timestampReasonNames } from './words.ts'

/** What a check of everything read: `none`, `all`, or one part of all objects, as `2/7`. */
const Coverage = Type.String({ title: 'coverage', pattern: '^(none|all|[0-9]+/[0-9]+)$' })

const countsByCheck = Object.fromEntries(fsckChecks.map((check) => [check, Type.Optional(Count)])) as Record<
  (typeof fsckChecks)[number],
  ReturnType<typeof Type.Optional<typeof Count>>
>

/** The ledger's own acts: its keys, readings of chains and proofs, time-stamps, couriers, checks of everything. */
export const ledgerEvents = {
  'ledger.setup': event({
    zh: '流转日志启用',
    en: 'ledger set up',
    subjects: { ledger: 'one' },
    details: { origin: Text, verifierKeys: Type.Array(Text), vrfPublicKey: Text },
    rows: null,
  }),
  'chain.read': event({
    zh: '查看证据保管链',
    en: 'evidence chain read',
    subjects: { case: 'one', person: 'one' },
    details: {
      events: orNull(Count),
      findings: orNull(Count),
      objects: YesNo,
      startedAt: Time,
      /** Why reading the copies was stopped before its end. */
      ended: Type.Optional(wordOf(downloadEndNames)),
    },
    rows: null,
  }),
  'proof.read': event({
    zh: '调取流转事件证明',
    en: 'proof of an event read',
    // It is about the same subjects as the event that was read.
    subjects: { ...Object.fromEntries(subjectTypes.map((type) => [type, 'any'])), person: 'several' },
    details: { eventId: Id, index: Count },
    rows: null,
  }),
  'timestamp.requested': event({
    zh: '申请可信时间戳',
    en: 'time-stamp requested',
    subjects: { timestamp_order: 'one', person: 'optional' },
    details: { size: Count, reason: wordOf(timestampReasonNames) },
    // How far an order is with each authority is progress.
    rows: (event, replay) => {
      replay.set('timestamp_order', event.keyOf('timestamp_order'), {
        size: event.details.size,
        reason: event.details.reason,
        requested_by: event.subject('person'),
        requested_at: event.at,
      })
    },
  }),
  'courier.exported': event({
    zh: '导出存证节点（离线传递）',
    en: 'checkpoint exported for a courier',
    subjects: { ledger: 'one', witness: 'one', person: 'one' },
    details: { witness: Text, oldSize: Count, size: Count, root: Digest },
    rows: null,
  }),
  'courier.imported': event({
    zh: '导入外部见证（离线传递）',
    en: 'cosignature imported from a courier',
    subjects: { ledger: 'one', witness: 'one', person: 'one' },
    details: { witness: Text, size: Count, root: Digest, witnessed: YesNo },
    rows: null,
  }),
  'fsck.started': event({
    zh: '开始全库核对',
    en: 'full check started',
    subjects: { ledger: 'one' },
    details: { runId: Id, objects: Coverage },
    rows: null,
  }),
  'fsck.completed': event({
    zh: '完成全库核对',
    en: 'full check completed',
    subjects: { ledger: 'one' },
    details: {
      runId: Id,
      objects: Coverage,
      durationMs: Milliseconds,
      errors: Count,
      notices: Count,
      byCode: closed(countsByCheck),
      /** Why the check did not come to its end; null when it did. */
      failure: orNull(Text),
      // Of a nightly check: errors that were not known before, that were, and known ones that are gone.
      newErrors: Type.Optional(Count),
      stillOpen: Type.Optional(Count),
      gone: Type.Optional(Count),
    },
    rows: null,
  }),
} as const
