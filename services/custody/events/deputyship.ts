import { event } from './event.ts'
import type { ReplayedEvent } from './replay.ts'
import { Id, Text, Time } from './shapes.ts'
import { signatureMembers } from './signature.ts'

/** People and their accounts: the deputy, then the supervisor in whose place he acts. */
const subjects = { person: 'several', account: 'several' } as const

/** Who acts in a supervisor's place while he is away (受委托): named beforehand, for a period, and signed by an auditor. */
export const deputyshipEvents = {
  'deputyship.named': event({
    zh: '指定受委托人',
    en: 'deputy named',
    subjects,
    details: { deputyshipId: Id, reason: Text, startsAt: Time, endsAt: Time },
    rows: (event, replay) => {
      const { reason, startsAt, endsAt } = event.details
      replay.set('deputyship', keyOf(event), {
        ...{ deputy_id: event.keyOf('person'), supervisor_id: event.subjects('person')[1] ?? '', reason },
        ...{ starts_at: startsAt, ends_at: endsAt, named_at: event.at, state: 'named' },
        ...{ decided_by: null, decided_at: null, ended_by: null, ended_at: null },
      })
    },
  }),
  'deputyship.signed': event({
    zh: '同意委托',
    en: 'deputy approved',
    subjects,
    details: { deputyshipId: Id, ...signatureMembers },
    rows: (event, replay) => replay.set('deputyship', keyOf(event), { state: 'signed', ...decisionColumns(event) }),
  }),
  'deputyship.refused': event({
    zh: '不同意委托',
    en: 'deputy not approved',
    subjects,
    details: { deputyshipId: Id, reason: Text, ...signatureMembers },
    rows: (event, replay) => replay.set('deputyship', keyOf(event), { state: 'refused', ...decisionColumns(event) }),
  }),
  'deputyship.ended': event({
    zh: '提前结束委托',
    en: 'deputyship ended early',
    subjects,
    details: { deputyshipId: Id, reason: Text },
    rows: (event, replay) =>
      replay.set('deputyship', keyOf(event), { state: 'ended', ended_by: event.actor, ended_at: event.at }),
  }),
} as const

function decisionColumns(event: ReplayedEvent<unknown>) {
  return { decided_by: event.actor, decided_at: event.at }
}

function keyOf(event: ReplayedEvent<{ readonly deputyshipId: string }>): string {
  return `${event.keyOf('person')}/${event.details.deputyshipId}`
}
