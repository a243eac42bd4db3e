import { type Action, may } from '../roles/permissions.ts'
import type { Role } from '../roles/roles.ts'
import { areIndependent } from '../signing/new-accounts.ts'
import { type HandoverWay, handoverWays } from './handover.ts'
import { openingWays } from './openings.ts'
import { concerned, newcomer, type Part, type Room, type Way } from './room.ts'

/** What a bureau must be able to do while somebody is away; `new_account` can wait until he is back. */
export const seatActs = {
  handover: { zh: '资料管理员工作交接', en: 'hand-over of the custodian' },
  release: { zh: '重置密码后的复核启用', en: 'opening an account whose password was lost' },
  shutting: { zh: '停用账号', en: 'shutting an account' },
  package: { zh: '含音像资料的举证材料', en: 'a package with footage' },
  quarantine: { zh: '待核实资料的处理', en: 'deciding on quarantine' },
  setting: { zh: '更改设置', en: 'changing a setting' },
  dock_release: { zh: '采集站复核启用', en: 'releasing a dock' },
  keeper_change: { zh: '变更设备保管人', en: 'changing the keeper of a device' },
  deputyship: { zh: '受委托人履职', en: 'a deputy, acting or to be named' },
  supplied_film: { zh: '外部播放件的采用', en: 'taking a supplied film' },
  new_account: { zh: '新开账号', en: 'opening a new account' },
} as const
export type SeatAct = keyof typeof seatActs

/** Whether an act can be done: at once, after an office's wait, after the office of the custodian went to another, or not. */
export const seatStates = ['possible', 'after_wait', 'after_handover', 'stops'] as const
export type SeatState = (typeof seatStates)[number]

/** An act, and about whom it is where that matters: an account by its holder, or by the role alone. */
export interface Matter {
  readonly act: SeatAct
  readonly role: Role | null
  readonly personId: string | null
}

export interface Outcome extends Matter {
  readonly state: SeatState
  readonly ways: readonly Way[]
}

/** Whoever holds one of these roles is needed for what others do; each is a seat that may be empty. */
export const seatedRoles = ['supervisor', 'deputy', 'auditor', 'custodian', 'administrator'] as const satisfies Role[]
/** Whose accounts are opened alike, whoever they are. */
const otherRoles = ['officer', 'legal_reviewer', 'assistant'] as const satisfies Role[]

/** What can be done in a room, and by whom. `away` are those who are not there: nobody needs to open their accounts. */
export function outcomesIn(room: Room, away: readonly string[]): Outcome[] {
  const handovers = handoverWays(room)
  const outcomes: Outcome[] = [
    outcome(
      { act: 'handover' },
      handovers.map(({ way }) => way),
    ),
  ]
  const hasCustodian = room.present.some(({ role }) => role === 'custodian')
  for (const act of Object.keys(simpleActs) as (keyof typeof simpleActs)[]) {
    const ways = simpleActs[act](room)
    // While the custodian is away his office goes to another, who then does what he did.
    const later = ways.length > 0 || hasCustodian ? [] : afterHandover(room, handovers, simpleActs[act])
    outcomes.push(later.length > 0 ? { ...outcome({ act }, later), state: 'after_handover' } : outcome({ act }, ways))
  }
  return [...outcomes, ...accountOutcomes(room, away)]
}

function afterHandover(room: Room, handovers: readonly HandoverWay[], ways: (room: Room) => Way[]): Way[] {
  return handovers.flatMap(({ to, newAccounts }) => {
    const others = room.present.filter(({ id }) => id !== to.id)
    return ways({ ...room, newAccounts, present: [...others, { ...to, role: 'custodian' }] })
  })
}

function accountOutcomes(room: Room, away: readonly string[]): Outcome[] {
  const holders = room.seats
    .filter(({ id, role }) => seatedRoles.some((one) => one === role) && !away.includes(id))
    .map(({ id, role }) => ({ act: 'release' as const, role, personId: id }))
  const others = otherRoles.map((role) => ({ act: 'release' as const, role, personId: null }))
  const made = [...seatedRoles, ...otherRoles].map((role) => ({ act: 'new_account' as const, role, personId: null }))
  return [...holders, ...others, ...made].map((matter) => {
    const isNew = matter.act === 'new_account'
    const personId = matter.personId ?? (isNew ? newcomer : concerned)
    const { atOnce, afterWait } = openingWays(room, { personId, role: matter.role, isNew })
    if (atOnce.length > 0 || afterWait.length === 0) return outcome(matter, atOnce)
    return { ...outcome(matter, afterWait), state: 'after_wait' as const }
  })
}

const simpleActs = {
  shutting: (room) => twoNames(room, 'person.ask_shutting', 'person.decide_shutting'),
  package: (room) => twoNames(room, 'package.request_footage', 'package.sign'),
  quarantine: (room) => twoNames(room, 'quarantine.propose', 'quarantine.decide'),
  setting: (room) => twoNames(room, 'setting.propose', 'setting.decide'),
  // Whoever registered the dock may be away by now.
  dock_release: (room) => oneName(room, 'dock.release', 'releases'),
  keeper_change: keeperWays,
  deputyship: deputyshipWays,
  supplied_film: (room) => twoNames(room, 'rendition.supply', 'rendition.decide_supply'),
} as const satisfies { readonly [Act in SeatAct]?: (room: Room) => Way[] }

function twoNames(room: Room, first: Action, second: Action, part: Part = 'decides'): Way[] {
  const proposers = room.present.filter(({ role }) => may(role, first))
  const deciders = room.present.filter(({ role }) => may(role, second))
  return proposers.flatMap((proposer) =>
    deciders
      .filter((decider) => areIndependent(decider, proposer, room.newAccounts))
      .map(
        (decider): Way => [
          { part: 'proposes', who: proposer.id },
          { part, who: decider.id },
        ],
      ),
  )
}

function oneName(room: Room, action: Action, part: Part): Way[] {
  return room.present.filter(({ role }) => may(role, action)).map(({ id }) => [{ part, who: id }])
}

/** Whoever keeps the device confirms the change; where his account is new, a supervisor in his place. */
function keeperWays(room: Room): Way[] {
  const byKeeper = oneName(room, 'device.ask_keeper', 'proposes')
  const inPlace = twoNames(room, 'device.ask_keeper', 'device.confirm_keeper', 'confirms')
  return [...byKeeper.map((way): Way => [...way, { part: 'confirms', who: concerned }]), ...inPlace]
}

/** A deputyship is in force and one of the two is there, or a supervisor can name a deputy and an auditor sign. */
function deputyshipWays(room: Room): Way[] {
  const acting = room.present.filter(({ role }) => room.deputyshipInForce && role === 'supervisor')
  if (acting.length > 0) return acting.map(({ id }) => [{ part: 'acts', who: id }])
  if (!room.seats.some(({ role, canSignIn }) => role === 'deputy' && canSignIn)) return []
  return twoNames(room, 'deputyship.name', 'deputyship.sign')
}

function outcome(matter: Partial<Matter> & Pick<Matter, 'act'>, ways: readonly Way[]): Outcome {
  return { role: null, personId: null, ...matter, state: ways.length > 0 ? 'possible' : 'stops', ways }
}
