import type { EventBody } from '../../../../ledger/format/entry.ts'
import { isBySpare, type Opening, openingAt, openingFault, releasesByAnother } from '../openings.ts'
import type { PlacedBody } from '../placed.ts'
import type { Reading } from '../reading.ts'
import { shownTime } from '../words.ts'
import { different, sentence } from './sentence.ts'

/** An account is new for so long: `account.new_days` as it is set unless the bureau sets another. */
const newDays = 30
const dayMs = 24 * 60 * 60_000
const noPerson: readonly string[] = ['service', 'dock', 'nobody']

/** An act of a person in the case, and how his account had been opened by then. */
interface AccountAct {
  readonly id: string
  readonly act: PlacedBody
  readonly opening: Opening | undefined
  readonly fault: string | null
}

/** Of the accounts that acted in the case: who had opened them when they acted. */
export const accounts = [
  sentence('accounts_by_two', (reading) => {
    const acts = accountActs(reading)
    const isByTwo = ({ act, opening, fault }: AccountAct) =>
      opening !== undefined && fault === null && !isBySpare(opening, act.index)
    if (acts.length === 0 || !acts.every(isByTwo)) return null
    return `在本案件中有行为的 ${different(acts.map(({ id }) => id)).length} 个账号，每次行为所凭的账号启用，均由一人给出初始密码、另一人复核。`
  }),
  sentence('accounts_otherwise', (reading) => {
    const faulty = accountActs(reading).filter(({ fault }) => fault !== null)
    return [...Map.groupBy(faulty, ({ fault }) => fault)].map(([fault, acts]) => {
      const names = different(acts.map(({ id }) => id)).map(reading.nameOf)
      return `${names.join('、')}的账号：${fault}。`
    })
  }),
  sentence('account_resets', (reading) =>
    openingsUsed(reading).flatMap(({ id, act, opening }) => {
      if (opening.made.kind !== 'person.password_reset' || isBySpare(opening, act.index)) return []
      const [release] = releasesByAnother(opening, act.index)
      if (!release) return []
      return [
        `${reading.nameOf(id)}的账号于 ${shownTime(opening.made.at)} 由${reading.actorOf(opening.made)}重置密码，于 ${shownTime(release.at)} 由${reading.actorOf(release)}复核启用，其后在本案件中有行为。`,
      ]
    }),
  ),
  sentence('account_spares', (reading) =>
    openingsUsed(reading).flatMap(({ id, act, opening, fault }) => {
      const { sealed, confirmed, asked, opened } = opening.spare ?? {}
      if (!isBySpare(opening, act.index) || fault !== null || !sealed || !confirmed || !asked || !opened) return []
      const { actorOf } = reading
      return [
        `${reading.nameOf(id)}的账号于 ${shownTime(opening.made.at)} 由${actorOf(opening.made)}${opening.made.kind === 'person.created' ? '开设' : '重置密码'}，凭密封备用码启用：备用码由${actorOf(sealed)}密封、${actorOf(confirmed)}核对，由${actorOf(asked)}申请启封、${actorOf(opened)}于 ${shownTime(opened.at)} 启封；其后在本案件中有行为。`,
      ]
    }),
  ),
  sentence('both_offices', (reading) => {
    const acts = accountActs(reading)
    const ids = different(acts.map(({ id }) => id)).filter((id) =>
      acts.every((one) => one.id !== id || isByBothOffices(one)),
    )
    return ids.length === 0 ? null : `${ids.map(reading.nameOf).join('、')}的账号由分管领导和法制办两方复核启用。`
  }),
  sentence('new_accounts', (reading) => {
    const acts = accountActs(reading)
    return different(acts.map(({ id }) => id)).flatMap((id) => {
      const createdAt = reading.register.people.get(id)?.created.at
      const actedAt = acts.find((one) => one.id === id)?.act.body.at
      if (createdAt === undefined || actedAt === undefined) return []
      if (Date.parse(actedAt) - Date.parse(createdAt) >= newDays * dayMs) return []
      return [
        `${reading.nameOf(id)}的账号开设于 ${shownTime(createdAt)}，在本案件中最早的行为在 ${shownTime(actedAt)}，相距不足 ${newDays} 日。`,
      ]
    })
  }),
]

/** Whether an event names the case, a recording or a package: what is done in the case, not to a register. */
export function isCaseAct({ subjects }: EventBody): boolean {
  return subjects.some(({ type }) => ['case', 'recording', 'viewing', 'package'].includes(type))
}

function accountActs(reading: Reading): AccountAct[] {
  const acts = reading.events.filter(({ body }) => isCaseAct(body) && !noPerson.includes(body.actorRole))
  return acts.map((act) => {
    const id = act.body.actor
    const openings = reading.register.people.get(id)?.openings ?? []
    const opening = openingAt(openings, act.index)
    return { id, act, opening, fault: faultOf(openings, opening, act) }
  })
}

function faultOf(openings: readonly Opening[], opening: Opening | undefined, act: PlacedBody): string | null {
  if (!opening) return openings.length === 0 ? '其开设未载入事件' : '行为在其开设以前'
  if (openings.filter(({ made }) => made.kind === 'person.created').length > 1) return '开设的事件不止一条'
  return openingFault(opening, act)
}

/** Each opening by which an account acted in the case, with the last such act. */
function openingsUsed(reading: Reading): (AccountAct & { readonly opening: Opening })[] {
  const used = new Map<number, AccountAct & { readonly opening: Opening }>()
  for (const one of accountActs(reading)) {
    if (one.opening) used.set(one.opening.made.index, { ...one, opening: one.opening })
  }
  return [...used.values()]
}

function isByBothOffices({ act, opening, fault }: AccountAct): boolean {
  if (!opening || fault !== null) return false
  const releases = releasesByAnother(opening, act.index)
  const releasersOf = (office: string) => releases.filter(({ details }) => details.office === office)
  return releasersOf('supervisor').some((one) => releasersOf('auditor').some(({ actor }) => actor !== one.actor))
}
