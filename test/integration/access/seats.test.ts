import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import type { SeatAct, SeatState } from '../../../services/custody/seats/acts.ts'
import type { ShownForecast } from '../../../services/custody/seats/shown.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openAccount } from './accounts.ts'
import { type Bureau, openBureau, type Person, type Session } from './bureau.ts'
import { addFootage } from './footage.ts'

const seated = ['supervisor', 'auditor', 'custodian', 'custodian_waiting', 'administrator', 'deputy'] as const
type Seated = (typeof seated)[number]
type Sessions = Map<string, Session>

/** Whose password is lost while somebody else is away. */
const forgetful: Readonly<Record<Exclude<Seated, 'deputy'>, Seated>> = {
  supervisor: 'auditor',
  auditor: 'custodian_waiting',
  custodian: 'custodian_waiting',
  custodian_waiting: 'auditor',
  administrator: 'custodian_waiting',
}

/** The first of these people whose call succeeds; null when nobody may make it. Whose password was reset is signed out. */
async function anyone(sessions: Iterable<Session>, call: (by: Session) => ReturnType<Session['call']>) {
  for (const by of sessions) {
    const answer = await call(by)
    if (answer.status < 300) return { by, body: answer.body }
    if (![401, 403, 409].includes(answer.status)) throw new Error(JSON.stringify(answer.body))
  }
  return null
}

async function resolveQuarantine(bureau: Bureau, present: Sessions): Promise<boolean> {
  const { recordingId } = await addFootage(bureau, { quarantineReason: 'unknown_device' })
  const path = `/quarantine/${recordingId}`
  const proposal = { outcome: 'keep_apart', reason: '另存备查' }
  if (!(await anyone(present.values(), (by) => by.call('POST', `${path}/proposals`, proposal)))) return false
  return (await anyone(present.values(), (by) => by.call('POST', `${path}/decision`, { confirmed: true }))) !== null
}

async function makePackage(present: Sessions, caseId: string): Promise<boolean> {
  const order = { withFootage: true, purpose: '证明检查经过', recipient: { name: '法官', organisation: '法院' } }
  const asked = await anyone(present.values(), (by) => by.call('POST', `/cases/${caseId}/packages`, order))
  if (!asked) return false
  const path = `/packages/${asked.body.id}/decision`
  return (await anyone(present.values(), (by) => by.call('POST', path, { approve: true, reason: '同意' }))) !== null
}

/** Hands the office over to whoever waits or, while he is away, to somebody whose account is made for it. */
async function handOver(bureau: Bureau, present: Sessions, away: Seated): Promise<boolean> {
  const maker = present.get('administrator')
  const releaser = present.get('auditor')
  let to: Person = bureau.people.custodian_waiting
  if (away === 'custodian_waiting' && maker && releaser) {
    to = await openAccount(bureau, { maker, releaser }, { role: 'custodian', account: 'custodian3' })
    present.set('newcomer', await bureau.signIn(to))
  }
  const proposal = { toPersonId: to.id, reason: '岗位调整', absent: away === 'custodian' }
  const proposed = await anyone(present.values(), (by) => by.call('POST', '/custodian/handovers', proposal))
  if (!proposed) return false
  for (const by of present.values()) {
    const signed = await by.call('POST', `/custodian/handovers/${proposed.body.id}/signatures`)
    if (signed.body?.completed) return true
  }
  return false
}

async function reopen(present: Sessions, personId: string): Promise<boolean> {
  for (const maker of present.values()) {
    const reset = await maker.call('POST', `/people/${personId}/password-reset`)
    if (reset.status !== 200) continue
    if (await anyone(present.values(), (by) => by.call('POST', `/people/${personId}/release`))) return true
  }
  return false
}

/** What the real acts answer, with everybody signed in who is not away. */
async function tried(bureau: Bureau, away: Seated, caseId: string): Promise<Record<string, SeatState>> {
  const present: Sessions = new Map()
  for (const one of seated) if (one !== away) present.set(one, await bureau.signIn(bureau.people[one]))
  const first = { quarantine: await resolveQuarantine(bureau, present), package: await makePackage(present, caseId) }
  const handover = await handOver(bureau, present, away)
  const state = async (done: boolean, again: () => Promise<boolean>): Promise<SeatState> => {
    if (done) return 'possible'
    return handover && (await again()) ? 'after_handover' : 'stops'
  }
  const target = bureau.people[forgetful[away as keyof typeof forgetful]]
  return {
    handover: handover ? 'possible' : 'stops',
    quarantine: await state(first.quarantine, () => resolveQuarantine(bureau, present)),
    package: await state(first.package, () => makePackage(present, caseId)),
    release: (await reopen(present, target.id)) ? 'possible' : 'stops',
  }
}

async function openCase(bureau: Bureau): Promise<string> {
  const officer = await bureau.signIn(bureau.people.officer)
  const party = await officer.call('POST', '/parties', { kind: 'shop', name: '便民超市' })
  const { body } = await officer.call('POST', '/cases', {
    number: '综执检〔2026〕9号',
    kind: 'inspection',
    title: '检查',
    partyId: party.body.id,
    departments: ['综合执法局'],
    officerIds: [bureau.people.officer.id, bureau.people.officer2.id],
  })
  return body.id
}

/** What the forecast says of these acts while somebody is away. */
async function foreseen(bureau: Bureau, away: Seated): Promise<Record<string, SeatState>> {
  const asker = await bureau.signIn(bureau.people[away === 'auditor' ? 'supervisor' : 'auditor'])
  const forecast = (await asker.call('GET', '/seats')).body as ShownForecast
  const id = bureau.people[away].id
  const { outcomes } = forecast.absences.find((one) => one.away.join() === id)!
  const stateOf = (act: SeatAct, personId: string | null = null) =>
    outcomes.find((one) => one.act === act && one.personId === personId)!.state
  return {
    handover: stateOf('handover'),
    quarantine: stateOf('quarantine'),
    package: stateOf('package'),
    release: stateOf('release', bureau.people[forgetful[away as keyof typeof forgetful]].id),
  }
}

for (const away of seated.filter((one) => one !== 'deputy')) {
  t.test(`with the ${away} away, the acts answer what was foreseen`, async (t) => {
    const bureau = await openBureau(t)
    const caseId = await openCase(bureau)
    const expected = await foreseen(bureau, away)
    t.same(await tried(bureau, away, caseId), expected)
  })
}

t.test(
  'supervisor and auditor are warned of an absence that would stop something, until they have seen it',
  async (t) => {
    const bureau = await openBureau(t)
    const { people } = bureau
    const [supervisor, auditor, custodian] = await Promise.all(
      [people.supervisor, people.auditor, people.custodian].map((who) => bureau.signIn(who)),
    )
    const warnings = async (who: Session) => {
      const { notices } = (await who.call('GET', '/session')).body as {
        notices: { id: string; kind: string; text: { zh: string } }[]
      }
      return notices.filter(({ kind }) => kind === 'absence_stops')
    }
    const absence = async () =>
      (await warnings(auditor!)).find(({ text }) => text.zh.startsWith('如supervisor 同志不在岗'))
    t.match(await absence(), { text: { zh: /将无法办理：资料管理员工作交接、.*请事先指定受委托人/ } })
    t.same(await warnings(custodian!), [])
    const before = (await absence())!
    t.equal((await auditor!.call('POST', `/notices/${encodeURIComponent(before.id)}/seen`)).status, 204)
    t.equal(await absence(), undefined)
    const endsAt = new Date(bureau.world.clock.now().getTime() + 2 * 24 * 60 * 60_000).toISOString()
    const asked = { deputyId: people.deputy.id, reason: '外出学习', endsAt }
    const { body } = await supervisor!.call('POST', '/deputyships', asked)
    await auditor!.call('POST', `/deputyships/${body.id}/decision`, { approve: true })
    t.ok(
      (await warnings(supervisor!)).some(({ text }) => text.zh.startsWith('如supervisor 同志不在岗')),
      'he has seen none',
    )
    t.same(await absence(), undefined, 'the deputyship ends too soon to change anything')
  },
)

t.test('custody seats prints the forecast, or gives it as JSON', async (t) => {
  const bureau = await openBureau(t)
  const { account, password } = bureau.people.auditor
  const env = { CUSTODY_ACCESS: bureau.base, CUSTODY_ACCOUNT: account, CUSTODY_PASSWORD: password }
  const text = testTerminal(env)
  t.equal(await runProgram(['seats'], text), 0)
  t.match(text.printed[0], /^预测期间：\d{4}-\d\d-\d\d .* 至 /)
  t.ok(text.printed.includes('supervisor 同志不在岗'))
  t.ok(text.printed.includes('  停办  资料管理员工作交接'))
  const json = testTerminal(env)
  t.equal(await runProgram(['seats', '--json'], json), 0)
  t.match(JSON.parse(json.printed.join('')), { people: [{ inOffice: Boolean }], absences: [{ away: [] }] })
  const officer = bureau.people.officer
  const refused = testTerminal({ ...env, CUSTODY_ACCOUNT: officer.account, CUSTODY_PASSWORD: officer.password })
  t.equal(await runProgram(['seats'], refused), 2)
})
