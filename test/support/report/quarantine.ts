import type { EventBody } from '../../../services/ledger/format/entry.ts'
import { at, recordingId } from './events.ts'
import { both, type Change, changed, detailed } from './facts.ts'

const isFirst = ({ subjects }: EventBody) =>
  subjects.some(({ type, id }) => type === 'recording' && id === recordingId(0))

/** The first recording came without a list and without a time of its own, and waits for two people. */
export const withoutList: Change = both(
  detailed(
    'recording.sealed',
    {
      ...{ flags: ['no_list'], reason: 'not_listed', listedSha256: null, declaredSha256: null },
      ...{ deviceTime: null, clockOffsetMs: null, correctedTime: null },
    },
    isFirst,
  ),
  changed('recording.sealed', { kind: 'recording.quarantined' }, isFirst),
)

/** The same, taken in on the custodian's proposal by the auditor. */
export const acceptedByTwo: Change = both(withoutList, (bodies) => {
  const quarantined = bodies.find(({ kind }) => kind === 'recording.quarantined')!
  const subjects = quarantined.subjects.filter(({ type }) => type === 'recording' || type === 'device')
  const act = (minutes: number, kind: string, role: string, details: EventBody['details']): EventBody => ({
    ...{ kind, at: at(minutes), actor: role, actorRole: role, subjects, details },
  })
  const proposal = { proposalId: 'proposal', outcome: 'accept' } as const
  return [
    ...bodies,
    act(19_000, 'quarantine.proposed', 'custodian', { ...proposal, reason: '存储卡由张伟当面交来' }),
    act(19_010, 'quarantine.resolved', 'auditor', {
      ...{ ...proposal, proposedBy: 'custodian', confirmed: true, quarantineReason: 'not_listed' },
    }),
  ].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
})
