import type { EventKind } from '../events.ts'
import { membersOf, textOf } from './details.ts'
import type { Rule } from './replay.ts'

/** What events tell of parties, cases, people, the custodian's terms, devices, docks and hand-ins. */
export const registerRules: Partial<Record<EventKind, Rule>> = {
  'party.created': (event, replay) => {
    const { partyKind, name, code, address } = event.details
    replay.set('party', textOf(event.subject('party')), {
      kind: partyKind ?? null,
      name: name ?? null,
      code: code ?? null,
      address: address ?? null,
      created_at: event.at,
    })
  },
  'case.opened': (event, replay) => {
    const { caseId, caseKind, title, departments, officerIds, outsideNumber } = event.details
    replay.set('case_file', textOf(event.subject('case')), {
      id: caseId ?? null,
      kind: caseKind ?? null,
      title: title ?? null,
      party_id: event.subject('party'),
      departments: departments ?? [],
      officer_ids: officerIds ?? [],
      outside_number: outsideNumber ?? null,
      opened_at: event.at,
    })
  },
  'person.created': (event, replay) => {
    const { role, account, awaitsRelease } = event.details
    replay.set('person', textOf(event.subject('person')), {
      role: role ?? null,
      account: account ?? null,
      awaits_release: awaitsRelease ?? false,
      created_at: event.at,
      disabled_at: null,
    })
  },
  'person.password_reset': (event, replay) => {
    replay.set('person', textOf(event.subject('person')), { awaits_release: event.details.awaitsRelease ?? false })
  },
  'person.released': (event, replay) => {
    replay.set('person', textOf(event.subject('person')), { awaits_release: false })
  },
  'person.disabled': (event, replay) => {
    replay.set('person', textOf(event.subject('person')), { disabled_at: event.at })
  },
  'custodian.appointed': (event, replay) => {
    replay.set('custodian_term', `${event.subject('person')}/${event.at}`, { ended_at: null })
  },
  // Proposed by whoever holds the term: its subjects are the one who leaves, then the one who follows.
  'custodian.handed_over': (event, replay) => {
    const [, successor] = event.subjects('person')
    const open = replay.keys('custodian_term', '', (facts) => facts.ended_at === null).at(-1)
    if (open) replay.set('custodian_term', open, { ended_at: event.at })
    replay.set('custodian_term', `${successor}/${event.at}`, { ended_at: null })
  },
  'device.registered': (event, replay) => {
    const { deviceKind, state, holderId } = event.details
    replay.set('device', textOf(event.subject('device')), {
      kind: deviceKind ?? null,
      state: state ?? null,
      holder_id: holderId ?? null,
      registered_at: event.at,
    })
  },
  'device.changed': (event, replay) => {
    const { state, holderId } = membersOf(event.details.to)
    replay.set('device', textOf(event.subject('device')), { state: state ?? null, holder_id: holderId ?? null })
  },
  'dock.registered': (event, replay) => {
    const { name, publicKey } = event.details
    replay.set('dock', textOf(event.subject('dock')), {
      name: name ?? null,
      public_key: publicKey ?? null,
      registered_at: event.at,
      revoked_at: null,
    })
  },
  'dock.revoked': (event, replay) => {
    replay.set('dock', textOf(event.subject('dock')), { revoked_at: event.at })
  },
  'hand_in.opened': (event, replay) => {
    const { listSha256, signature } = event.details
    replay.set('hand_in', textOf(event.subject('hand_in')), {
      dock_id: event.subject('dock'),
      device_serial: event.subject('device'),
      list_sha256: listSha256 ?? null,
      lines_as_signed: true,
      signature: Buffer.from(textOf(signature), 'base64').toString('hex'),
      opened_at: event.at,
    })
  },
}
