import { type Action, may, permissions } from '../../../services/custody/roles/permissions.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import type { Teardown } from '../../support/stack.ts'
import { actsOfCases } from './acts-cases.ts'
import { actsOfDocks } from './acts-dock.ts'
import { actsOfPeople } from './acts-people.ts'
import { actsOfRegisters } from './acts-register.ts'
import { actsOfTwo } from './acts-second-person.ts'
import { actsOfSpares } from './acts-spares.ts'
import { noLogins, type TriedLogins, tryLogin } from './logins.ts'
import { type Act, type Insider, insiders, type Office, openOffice, type Ready } from './office.ts'

/** How each line of the permission table is tried: none is left out. */
const acts: Readonly<Record<Action, Act>> = {
  ...{ ...actsOfPeople, ...actsOfSpares, ...actsOfRegisters, ...actsOfDocks, ...actsOfCases, ...actsOfTwo },
}
const actions = Object.keys(permissions) as Action[]

export interface Tally {
  accepted: number
  refused: number
}

export interface Played {
  readonly office: Office
  readonly tallies: Readonly<Record<Action, Tally>>
  readonly logins: TriedLogins
  /** What went otherwise than the table says. */
  readonly wrong: readonly string[]
}

/** Every so many steps somebody has the password of a service's login. */
const loginEvery = 8

/**
 * Lets random insiders try `steps` things. At each step one who may not do an act tries it and must be refused, and then one
 * who may, who must be let; or somebody who holds a service's login of the database writes what he likes. Those acts that
 * were tried least are tried next.
 */
export async function playInsiders(t: Teardown, options: { seed: number; steps: number }): Promise<Played> {
  const next = seededRandom(options.seed)
  const office = await openOffice(t, (limit) => Math.floor(next() * limit))
  const none = actions.map((action) => [action, { accepted: 0, refused: 0 }])
  const tallies = Object.fromEntries(none) as Record<Action, Tally>
  const logins = noLogins()
  const wrong: string[] = []
  for (let step = 1; step <= options.steps; step++) {
    const said = step % loginEvery === 0 ? await tryLogin(office, logins) : await tryAct(office, tallies)
    wrong.push(...said.map((what) => `step ${step}: ${what}`))
  }
  return { office, tallies, logins, wrong }
}

async function tryAct(office: Office, tallies: Readonly<Record<Action, Tally>>): Promise<string[]> {
  const count = (action: Action) => Math.min(tallies[action].accepted, tallies[action].refused)
  const least = Math.min(...actions.map(count))
  const action = office.one(actions.filter((one) => count(one) === least))
  const ready = await acts[action].ready(office)
  const wrong: string[] = []
  if (await isRefused(office, action, ready, wrong)) tallies[action].refused += 1
  if (await isAccepted(office, action, ready, wrong)) tallies[action].accepted += 1
  return wrong
}

/** Refused for his role, with the refusal's event, or for what the act says besides; and nothing was done. */
async function isRefused(office: Office, action: Action, ready: Ready, wrong: string[]): Promise<boolean> {
  const act = acts[action]
  const mayRoute = (insider: Insider) => (act.route ?? [action]).some((one) => may(office.roleOf(insider), one))
  const strangers = insiders.filter((insider) => !mayRoute(insider))
  const others = ready.otherwise ?? []
  const other = strangers.length === 0 || office.one([0, 1, 2]) === 0 ? others[0] : undefined
  const by = other?.by ?? office.one(strangers)
  const asked = other?.asked ?? ready.asked
  const before = await eventsOf(office, by)
  const answer = await office.send(by, asked)
  const after = await eventsOf(office, by)
  const said = answer.body?.error
  const done = act.event === null ? 0 : (after[act.event] ?? 0) - (before[act.event] ?? 0)
  const isRight = other
    ? answer.status === other.status && other.message.test(said?.message)
    : answer.status === 403 && said?.code === 'wrong_role' && refusals(after) === refusals(before) + 1
  if (isRight && done === 0) return true
  wrong.push(`${action}: ${by} is not refused: ${answer.status} ${JSON.stringify(said)}, events done: ${done}`)
  return false
}

const refusals = (counts: Readonly<Record<string, number>>) =>
  (counts['access.refused'] ?? 0) + (counts['viewing.refused'] ?? 0)

/** Let, and its event is in the ledger. */
async function isAccepted(office: Office, action: Action, { by, asked }: Ready, wrong: string[]): Promise<boolean> {
  const { event, done } = acts[action]
  const before = await eventsOf(office, by)
  const answer = await office.send(by, asked)
  const after = await eventsOf(office, by)
  const isEntered = event === null || (after[event] ?? 0) === (before[event] ?? 0) + 1
  if (answer.status < 300 && isEntered && may(office.roleOf(by), action)) {
    await done?.(office, answer, by)
    return true
  }
  wrong.push(`${action}: ${by} is not let: ${answer.status} ${JSON.stringify(answer.body)}, its event: ${isEntered}`)
  return false
}

/** How many events of each kind say that this person acted. */
async function eventsOf({ bureau, id }: Office, insider: Insider): Promise<Record<string, number>> {
  const rows = await bureau.world.db
    .selectFrom('event')
    .where('body', 'like', `%"actor":"${id(insider)}"%`)
    .groupBy('kind')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .execute()
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)]))
}
