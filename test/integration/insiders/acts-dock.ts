import { randomInt } from 'node:crypto'
import { type Gap, insertGap } from '../../../services/custody/hand-ins/gap-found.ts'
import { dayIn } from '../../../services/custody/settings/calendar.ts'
import { newId } from '../../../services/foundation/id.ts'
import { dockDevice, findGap, leaveClearing } from '../access/docked.ts'
import { newDevice } from './acts-register.ts'
import type { Act, Insider, Office } from './office.ts'
import { releasedDock } from './released-dock.ts'

/** A hand-in of `officer`, as he said himself at the dock. */
async function handIn(office: Office) {
  const user = { person: office.id('officer'), grade: 'confirmed' } as const
  return dockDevice(office.bureau.world, { serial: await newDevice(office), user, dock: await releasedDock(office) })
}

async function leftClearing(office: Office): Promise<string> {
  const serial = await newDevice(office)
  const docked = await dockDevice(office.bureau.world, { serial, dock: await releasedDock(office) })
  const id = await leaveClearing(office.bureau.world, docked, serial)
  await office.must('administrator', 'POST', `/docks/${docked.dock.id}/revoke`)
  return `/clearings/${id}/giving-up`
}

const newGap = async (office: Office) => findGap(office.bureau.world, await handIn(office))
const handInPath = async (office: Office) => `/hand-ins/${(await handIn(office)).handInId}`
const explained = { reason: 'battery', words: '电量耗尽' }

/** Refused as what does not exist: existence is secret. */
const anothers = (by: Insider, message: RegExp) => ({ by, status: 404, message })

function everyReader(office: Office): Insider {
  return office.one(['supervisor', 'auditor', office.custodian()])
}

const reading = (path: string, by: readonly Insider[]): Act => ({
  event: null,
  ready: async (office) => ({ by: office.one(by), asked: { method: 'GET', path } }),
})

async function newPass(office: Office): Promise<string> {
  // A person has one of each kind: what was given before is taken back.
  const { passes } = await office.must('administrator', 'GET', '/dock-passes?means=card')
  for (const { id, takenBackAt } of passes) {
    if (takenBackAt) continue
    await office.must('administrator', 'POST', `/dock-passes/${id}/taking-back`, { reason: '换卡' })
  }
  return String(randomInt(1_000_000_000)).padStart(10, '0')
}

/**
 * The gap of a device that stands in the roster and was never docked, entered as the service does that looks for those: it
 * judges by what the register said in that shift, and here every device is new and the clock stands still.
 */
async function missingHandIn(office: Office): Promise<string> {
  const { world } = office.bureau
  const serial = await newDevice(office)
  const csv = `person,device,day,from,to\nofficer,${serial},${dayIn(world.clock.now())},08:30,17:30\n`
  await office.must('supervisor', 'POST', '/rosters', { csv })
  const line = await world.db
    .selectFrom('roster_line')
    .where('device_serial', '=', serial)
    .selectAll()
    .executeTakeFirstOrThrow()
  const [id, dueAt, personId] = [newId(), world.clock.now(), line.person_id]
  const facts: Gap = {
    gapKind: 'missing_hand_in',
    ...{ dockGapId: null, beforeNumber: null, afterNumber: null, missingNumbers: null },
    ...{ fromTime: line.starts_at.toISOString(), toTime: line.ends_at.toISOString() },
    ...{ lengthMs: line.ends_at.getTime() - line.starts_at.getTime(), lineNumbers: [], proposed: null },
    rosterLineId: line.id,
  }
  const gap = { id, serial, handInId: null, dockId: null, personId, dueAt, facts }
  const by = { id: 'expire', role: 'service' }
  await world
    .dbFor('worker')
    .transaction()
    .execute((trx) => insertGap(trx, world.clock, by, gap))
  return id
}

/** Whose route POST /signatures/lists is. */
const lists = [
  ...(['quarantine.decide', 'person.release', 'device.confirm_keeper', 'dock.release', 'dock_pass.release'] as const),
]
const handIns = ['hand_in.read_own', 'hand_in.read_all'] as const
const gaps = ['gap.read_own', 'gap.read_all'] as const
const explaining = ['gap.explain_own', 'gap.explain_missing'] as const

/** Hand-ins and gaps, the roster, and how people are known at docks. */
export const actsOfDocks = {
  'hand_in.read_own': {
    event: null,
    route: handIns,
    async ready(office) {
      const asked = { method: 'GET', path: await handInPath(office) }
      return { by: 'officer', asked, otherwise: [anothers('officer2', /there is no hand_in/)] }
    },
  },
  'hand_in.read_all': {
    event: null,
    route: handIns,
    ready: async (office) => ({ by: everyReader(office), asked: { method: 'GET', path: await handInPath(office) } }),
  },
  'hand_in.count': reading('/hand-ins/counts', ['administrator', 'supervisor', 'auditor']),
  'hand_in.ask_correction': {
    event: 'hand_in.correction_asked',
    async ready(office) {
      const body = { userId: office.id('officer2'), reason: '卡插错槽位' }
      const path = `${await handInPath(office)}/corrections`
      const nothing = { method: 'POST', path, body: { userId: office.id('officer'), reason: '卡插错槽位' } }
      const by = office.custodian()
      const otherwise = [{ by, asked: nothing, status: 400, message: /counts as this person/ }]
      return { by, asked: { method: 'POST', path, body }, otherwise }
    },
  },
  'hand_in.decide_correction': {
    event: 'hand_in.corrected',
    async ready(office) {
      const path = `${await handInPath(office)}/corrections`
      const asked = { userId: office.id('officer2'), reason: '卡插错槽位' }
      const { id } = await office.must(office.custodian(), 'POST', path, asked)
      const decision = { method: 'POST', path: `${path}/${id}/decision`, body: { confirm: true } }
      const by = office.one(['officer2', 'supervisor'] as const)
      return { by, asked: decision, otherwise: [anothers('officer', /no correction of this hand-in waits for you/)] }
    },
  },
  'clearing.ask_giving_up': {
    event: 'clearing.giving_up_asked',
    async ready(office) {
      const asked = { method: 'POST', path: await leftClearing(office), body: { reason: '采集站已烧毁' } }
      return { by: office.custodian(), asked }
    },
  },
  'clearing.decide_giving_up': {
    event: 'clearing.given_up',
    async ready(office) {
      const path = await leftClearing(office)
      const by = office.one(['supervisor', 'auditor'] as const)
      const asked = { method: 'POST', path: `${path}/decision`, body: { confirm: true } }
      const unasked = { ...asked, path: `${await leftClearing(office)}/decision` }
      await office.must(office.custodian(), 'POST', path, { reason: '采集站已烧毁' })
      const otherwise = [{ by, asked: unasked, status: 404, message: /nobody has asked/ }]
      return { by, asked, otherwise }
    },
  },
  'gap.read_own': {
    event: null,
    route: gaps,
    ready: async () => ({ by: 'officer', asked: { method: 'GET', path: '/gaps' } }),
  },
  'gap.read_all': {
    event: null,
    route: gaps,
    ready: async (office) => ({ by: everyReader(office), asked: { method: 'GET', path: '/gaps' } }),
  },
  'gap.explain_own': {
    event: 'gap.explained',
    route: explaining,
    async ready(office) {
      const asked = { method: 'POST', path: `/gaps/${await newGap(office)}/explanations`, body: explained }
      const otherwise = [anothers(office.one(['officer2', 'supervisor'] as const), /there is no gap/)]
      return { by: 'officer', asked, otherwise }
    },
  },
  'gap.explain_missing': {
    event: 'gap.explained',
    route: explaining,
    async ready(office) {
      const path = `/gaps/${await missingHandIn(office)}/explanations`
      return { by: 'supervisor', asked: { method: 'POST', path, body: { reason: 'still_on_duty' } } }
    },
  },
  'gap.decide': {
    event: 'gap.accepted',
    async ready(office) {
      const path = `/gaps/${await newGap(office)}`
      const asked = { method: 'POST', path: `${path}/decision`, body: { accept: true } }
      await office.must('officer', 'POST', `${path}/explanations`, explained)
      const unexplained = { ...asked, path: `/gaps/${await newGap(office)}/decision` }
      const by = office.custodian()
      const otherwise = [{ by, asked: unexplained, status: 409, message: /nobody has explained this gap yet/ }]
      return { by, asked, otherwise }
    },
  },
  'roster.enter': {
    event: 'roster.entered',
    async ready(office) {
      const csv = `person,device,day,from,to\nofficer,${await newDevice(office)},2026-12-01,08:30,17:30\n`
      const by = 'supervisor'
      const wrong = { method: 'POST', path: '/rosters', body: { csv: csv.replace('08:30', '25:30') } }
      const asked = { ...wrong, body: { csv } }
      return { by, asked, otherwise: [{ by, asked: wrong, status: 400, message: /line 2, from: is no time/ }] }
    },
  },
  'roster.read': {
    event: null,
    ready: async (office) => ({
      by: everyReader(office),
      asked: { method: 'GET', path: '/rosters' },
    }),
  },
  'dock_pass.manage': {
    event: 'dock_pass.given',
    async ready(office) {
      const body = { personId: office.id('officer'), means: 'card', card: await newPass(office) }
      const asked = { method: 'POST', path: '/dock-passes', body }
      const stranger = { ...asked, body: { ...body, personId: office.id('auditor') } }
      const by = 'administrator'
      return { by, asked, otherwise: [{ by, asked: stranger, status: 400, message: /no officer or assistant/ }] }
    },
  },
  'dock_pass.release': {
    event: 'dock_pass.released',
    route: lists,
    async ready(office) {
      const pass = { personId: office.id('officer2'), means: 'card', card: await newPass(office) }
      const { id } = await office.must('administrator', 'POST', '/dock-passes', pass)
      const by = office.one(['supervisor', 'auditor'] as const)
      const body = { confirmed: true, items: [{ act: 'dock_pass.released', id, proposalId: id }] }
      const { sha256 } = await office.must(by, 'POST', '/signatures/lists?preview=true', body)
      return { by, asked: { method: 'POST', path: '/signatures/lists', body: { ...body, sha256 } } }
    },
  },
  'dock_pass.list': reading('/dock-passes', ['administrator', 'supervisor', 'auditor']),
} as const satisfies Record<string, Act>
