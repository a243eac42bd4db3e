import type { Role } from './roles.ts'

/**
 * A role as it counts at this instant. `custodian_waiting` is a person of the custodian's role who does not hold the
 * open term: he may sign a hand-over, open a spare code with another, and add a third signature, and nothing else, for
 * exactly one person looks at footage. A `deputy` in whose
 * deputyship it is now counts as `supervisor`; any other looks after his own session only.
 */
export const actingRoles = [
  'officer',
  'custodian',
  'custodian_waiting',
  'auditor',
  'legal_reviewer',
  'supervisor',
  'deputy',
  'administrator',
  'assistant',
] as const satisfies readonly (Role | 'custodian_waiting')[]
export type ActingRole = (typeof actingRoles)[number]

const everyone = actingRoles
const everyoneInOffice = actingRoles.filter((role) => role !== 'deputy')

/**
 * Who may do what: the whole policy (DOMAIN.md §1). The administrator of the system has no line that leads to footage
 * or to what is known of it. What belongs to one person only (`…_own`) is checked against the row besides.
 */
export const permissions = {
  'session.own': everyone,
  'custodian.read': everyoneInOffice,
  'custodian.propose': ['custodian', 'supervisor'],
  'custodian.sign': ['custodian', 'custodian_waiting', 'supervisor', 'auditor'],
  'custodian.withdraw': ['custodian', 'supervisor'],

  'setting.read': ['administrator', 'supervisor', 'auditor', 'custodian'],
  'setting.propose': ['administrator', 'supervisor', 'auditor', 'custodian'],
  'setting.decide': ['supervisor', 'auditor'],
  'seats.read': ['administrator', 'supervisor', 'auditor', 'custodian'],

  'third_signature.add': ['custodian', 'custodian_waiting', 'supervisor', 'auditor'],
  'third_signature.confirm': ['auditor'],

  'deputyship.read': ['supervisor', 'auditor'],
  'deputyship.name': ['supervisor'],
  'deputyship.sign': ['auditor'],
  'deputyship.end': ['supervisor', 'auditor'],

  'person.manage': ['administrator'],
  'person.reset': ['administrator', 'supervisor', 'auditor'],
  'person.release': ['supervisor', 'auditor'],
  'person.stop_release': ['supervisor', 'auditor', 'custodian'],
  'person.read_openings': ['administrator', 'supervisor', 'auditor', 'custodian'],
  'spare.seal': ['supervisor', 'auditor', 'custodian'],
  'spare.open': ['administrator', 'supervisor', 'auditor', 'custodian', 'custodian_waiting'],
  'person.ask_shutting': ['administrator', 'supervisor', 'auditor'],
  'person.decide_shutting': ['supervisor', 'auditor'],
  'person.list': ['administrator', 'supervisor', 'auditor', 'custodian', 'officer'],
  'device.manage': ['administrator'],
  'device.ask_keeper': ['administrator', 'supervisor'],
  'device.confirm_keeper': ['officer', 'assistant', 'supervisor'],
  'device.decide_act': ['supervisor', 'auditor'],
  'device.list': ['administrator', 'supervisor', 'auditor', 'custodian'],
  'dock.manage': ['administrator'],
  'dock.release': ['supervisor', 'auditor'],
  'dock.lift_code_limit': ['administrator', 'supervisor'],
  'dock.list': ['administrator', 'supervisor', 'auditor'],
  'clearing.read': ['administrator', 'custodian', 'supervisor', 'auditor'],
  'clearing.ask_giving_up': ['custodian'],
  'clearing.decide_giving_up': ['supervisor', 'auditor'],
  'dock_pass.manage': ['administrator'],
  'dock_pass.release': ['supervisor', 'auditor'],
  'dock_pass.list': ['administrator', 'supervisor', 'auditor'],
  // Not whoever keeps the register of devices: he would say alone whose recordings they make.
  'roster.enter': ['supervisor'],
  'roster.read': ['supervisor', 'auditor', 'custodian'],
  'storage.health': ['administrator', 'supervisor', 'auditor'],

  'hand_in.read_own': ['officer', 'assistant'],
  'hand_in.read_all': ['custodian', 'auditor', 'supervisor'],
  // Numbers by dock, and nobody's name; of whole days, for whoever may not read hand-ins.
  'hand_in.count': ['administrator', 'custodian', 'auditor', 'supervisor'],
  'hand_in.ask_correction': ['custodian'],
  'hand_in.decide_correction': ['officer', 'assistant', 'supervisor'],
  'gap.read_own': ['officer', 'assistant'],
  'gap.read_all': ['custodian', 'auditor', 'supervisor'],
  'gap.explain_own': ['officer', 'assistant'],
  'gap.explain_missing': ['supervisor'],
  'gap.decide': ['custodian'],

  'party.create': ['officer', 'custodian'],
  'party.find': ['officer', 'custodian'],
  'party.read_own': ['officer'],
  'party.read_all': ['custodian', 'auditor', 'supervisor'],
  'case.open': ['officer', 'custodian'],
  'case.read_own': ['officer'],
  'case.read_all': ['custodian', 'auditor', 'supervisor'],
  'case.chain': ['auditor', 'custodian', 'supervisor'],

  'recording.read_own': ['officer', 'assistant'],
  'recording.read_all': ['custodian', 'auditor', 'supervisor'],
  'recording.attach_own': ['officer'],
  'recording.attach_all': ['custodian'],
  'recording.detach': ['custodian'],
  'quarantine.read': ['custodian', 'supervisor', 'auditor'],
  'quarantine.propose': ['custodian'],
  'quarantine.decide': ['supervisor'],

  'rendition.supply': ['custodian'],
  'rendition.decide_supply': ['supervisor'],
  'rendition.read_supplies': ['custodian', 'supervisor', 'auditor'],

  'viewing.open': ['custodian'],
  'viewing.watch': ['custodian'],
  'viewing.list': ['custodian', 'auditor', 'supervisor'],

  'receipt.read_own': ['officer', 'assistant'],
  'receipt.read_all': ['custodian', 'auditor', 'supervisor'],
  'proof.read': ['auditor', 'custodian', 'supervisor'],
  'ledger.state': ['administrator', 'supervisor', 'auditor', 'custodian'],
  'timestamp.request': ['auditor', 'supervisor', 'custodian'],
  'courier.carry': ['auditor', 'administrator'],
  'package.request': ['custodian', 'auditor'],
  'package.request_footage': ['custodian'],
  'package.sign': ['supervisor'],
  'package.read': ['custodian', 'auditor', 'supervisor'],
  'package.download': ['custodian', 'auditor'],
} as const satisfies Record<string, readonly ActingRole[]>

export type Action = keyof typeof permissions

/** The roles that may do any of the actions, in the order of the table's roles: what a route declares as its `access`. */
export function rolesThatMay(...actions: readonly Action[]): readonly ActingRole[] {
  return actingRoles.filter((role) => actions.some((action) => may(role, action)))
}

export function may(role: string, action: Action): boolean {
  return (permissions[action] as readonly string[]).includes(role)
}

/** The table as text, action by role: what the golden file holds and a reviewer reads. */
export function permissionTable(): string {
  const actions = Object.keys(permissions) as Action[]
  const width = Math.max(...actions.map((action) => action.length))
  const head = `${'action'.padEnd(width)}  ${actingRoles.join('  ')}`
  const lines = actions.map((action) => {
    const cells = actingRoles.map((role) => (may(role, action) ? 'yes' : '-').padEnd(role.length))
    return `${action.padEnd(width)}  ${cells.join('  ')}`.trimEnd()
  })
  return `${[head, ...lines].join('\n')}\n`
}
