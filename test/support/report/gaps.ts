import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { at, serialOf, writtenAt } from './events.ts'
import { added, type Change } from './facts.ts'

/** Acts about a gap of the first hand-in. */
function act(by: string, kind: string, details: object): Change {
  const ids: Readonly<Record<string, string>> = { gap: 'g0', device: serialOf(0), person: 'officer' }
  const subjects = ['gap', 'hand_in', 'hand-in-list', 'device', 'person'].map((type) => ({
    type,
    id: ids[type] ?? 'h0',
  }))
  const body = { kind, actor: by, actorRole: by, subjects, details: details as EventBody['details'] }
  return added('hand_in.opened', body)
}

export const gapFound = act('dock', 'gap.found', {
  ...{ gapKind: 'time', dockGapId: 'g-1', beforeNumber: 0, afterNumber: 1, missingNumbers: null, lineNumbers: [] },
  ...{ fromTime: '2026-03-02T09:21:07+08:00', toTime: '2026-03-02T09:27:19+08:00', lengthMs: 372_000 },
  ...{ proposed: null, rosterLineId: null, dueAt: at(writtenAt) },
})

/** At the dock in the officer's name, or by himself. */
export const gapExplained = (explanationId: string, grade: 'slot' | 'password'): Change =>
  act(grade === 'slot' ? 'dock' : 'officer', 'gap.explained', {
    ...{ explanationId, dockMessageId: null, reason: 'battery', words: null, grade, identified: grade !== 'slot' },
    ...{ saidAt: null, confirmBy: grade === 'slot' ? at(writtenAt) : null },
  })

export const gapDenied = (explanationId: string): Change =>
  act('officer', 'gap.confirmed', { explanationId, isOwn: false })

export const gapWithdrawn = act('expire', 'gap.withdrawn', { lateHandInId: null })
export const gapAccepted = act('custodian', 'gap.accepted', { reason: null })
export const gapReturned = act('custodian', 'gap.returned', { reason: '请写明', dueAt: at(writtenAt) })

export const corrected = act('supervisor', 'hand_in.corrected', {
  ...{ correctionId: 'c', deviceSerial: null, userId: 'other', reason: '卡插错槽位', askedBy: 'custodian' },
})
