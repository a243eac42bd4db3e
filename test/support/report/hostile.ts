import type { ReportFacts } from '../../../services/custody/packages/report/facts.ts'
import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { nameOf, recordingId } from './events.ts'
import { both, type Change, changed, detailed, factsFrom, soundEvents } from './facts.ts'

/** Names that try to be something else on the page. */
export const hostileName = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
export const turningName = 'gnp.\u202e4pm\u0007\u200b'
export const rareName = '龘靐齉 王𠮷'

/** A rendition of two tracks that is not all that its original is. */
const checkedDetails = {
  tracks: [
    { track: 0, kind: 'video', streams: [0, 1], channels: [1, 2], durationMs: 1_200_000 },
    { track: 1, kind: 'audio', streams: [2], channels: [1], durationMs: 1_200_000, name: hostileName },
  ],
  statedMs: 1_260_000,
  foundMs: 1_200_000,
  differences: [
    { what: 'shorter_than_stated' },
    { what: 'sound_missing', track: 0, fromMs: 0, toMs: 30_000 },
    { what: 'size_changes' },
  ],
  holes: [
    { track: 0, fromMs: 1_200_000, toMs: 1_260_000, why: 'damaged' },
    { track: 1, fromMs: 65_000, toMs: 70_500, why: 'missing' },
  ],
  notShown: [
    { stream: 3, why: 'encrypted' },
    { stream: 4, why: 'undecodable', detail: turningName },
  ],
}

const isOf =
  (type: string, id: string) =>
  ({ subjects }: EventBody) =>
    subjects.some((one) => one.type === type && one.id === id)
const names = [hostileName, turningName, rareName]

/**
 * A case of `count` recordings in which every name is hostile: the first has a rendition with notes, the second a clock far
 * off, the fourth is in quarantine.
 */
export function hostileEvents(count: number): readonly EventBody[] {
  const fileNames = Array.from({ length: count }, (_, n): Change => {
    const name = { base64: nameOf(n).base64, text: `${names[n % 3]}.MP4` }
    return detailed('recording.sealed', { name }, isOf('recording', recordingId(n)))
  })
  const change = both(
    ...fileNames,
    detailed('person.created', { name: hostileName }, isOf('person', 'officer')),
    detailed('person.created', { name: rareName }, isOf('person', 'custodian')),
    detailed('case.opened', {
      ...{ title: hostileName, partyName: turningName, officerIds: ['officer'], participantIds: ['assistant'] },
      fewerOfficersReason: '当日仅一名持证人员在岗',
    }),
    detailed('viewing.opened', { purpose: `核对${hostileName}` }),
    detailed('package.requested', {
      ...{ recipient: { name: hostileName, organisation: turningName } },
      recipientKey: 'age1q',
    }),
    detailed('rendition.ready', checkedDetails, isOf('recording', recordingId(0))),
    detailed('recording.sealed', { clockOffsetMs: 95_000 }, isOf('recording', recordingId(1))),
    detailed('recording.sealed', { reason: 'digest_differs' }, isOf('recording', recordingId(3))),
    changed('recording.sealed', { kind: 'recording.quarantined' }, isOf('recording', recordingId(3))),
  )
  return change(soundEvents(count)).filter(
    (body) => body.kind !== 'recording.attached' || !isOf('recording', recordingId(3))(body),
  )
}

export function hostileFacts(count: number, changes: Partial<ReportFacts> = {}): ReportFacts {
  return factsFrom(hostileEvents(count), changes)
}
