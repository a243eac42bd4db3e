import t from 'tap'
import { seatActs } from '../../../services/custody/seats/acts.ts'
import { forecastSeats, stoppedBy } from '../../../services/custody/seats/forecast.ts'
import type { Moment, Seat, SeatFacts } from '../../../services/custody/seats/room.ts'
import { forecastLines, shownForecast } from '../../../services/custody/seats/shown.ts'

const from = new Date('2027-03-01T04:00:00.000Z')
const until = new Date('2027-03-22T16:00:00.000Z')

function seat(id: string, role: Seat['role'], more: Partial<Seat> = {}): Seat {
  return { id, name: id, account: id, role, canSignIn: true, inOffice: false, ...more }
}

/** The smallest bureau: a supervisor, an auditor, two custodians of whom one waits, an administrator. */
const smallest = [
  seat('supervisor', 'supervisor'),
  seat('auditor', 'auditor'),
  seat('custodian', 'custodian', { inOffice: true }),
  seat('waiting', 'custodian'),
  seat('administrator', 'administrator'),
]

function facts(more: Partial<SeatFacts> = {}): SeatFacts {
  return {
    seats: smallest,
    newAccounts: [],
    spares: [],
    moments: [{ at: from, principals: new Map() }],
    until,
    ...more,
  }
}

const stopped = (given: SeatFacts, personId: string) =>
  stoppedBy(forecastSeats(given, 1), personId).map(({ act, role }) => (role ? `${act} ${role}` : act))

function outcomeOf(given: SeatFacts, away: readonly string[], act: keyof typeof seatActs, personId?: string) {
  const { absences } = forecastSeats(given)
  const { outcomes } = absences.find((one) => one.away.join() === away.join())!
  return outcomes.find((one) => one.act === act && (personId === undefined || one.personId === personId))!
}

t.test('while nobody is away the smallest bureau can do everything but have a deputy', async (t) => {
  const [nobody] = forecastSeats(facts(), 0).absences
  t.same(
    nobody!.outcomes.filter(({ state }) => state !== 'possible').map(({ act }) => act),
    ['deputyship'],
    'there is nobody who could be named',
  )
  t.equal(forecastSeats(facts(), 1).absences.length, 6)
  t.equal(forecastSeats(facts()).absences.length, 16, 'nobody, five people, ten pairs')
})

t.test('without deputy and sealed spare the list names what each absence stops', async (t) => {
  t.same(stopped(facts(), 'supervisor'), [
    ...['handover', 'package', 'quarantine', 'supplied_film', 'release auditor', 'release administrator'],
  ])
  t.same(stopped(facts(), 'auditor'), [
    ...['release supervisor', 'release custodian', 'release custodian', 'release administrator'],
  ])
  t.same(stopped(facts(), 'custodian'), [], 'his office goes to the one who waits')
  t.same(stopped(facts(), 'waiting'), [], 'an account is made for a successor')
  t.same(stopped(facts(), 'administrator'), ['release supervisor', 'release auditor'])
})

t.test('it says who could still do each part', async (t) => {
  t.match(outcomeOf(facts(), [], 'handover').by, [
    { part: 'outgoing', people: ['custodian'] },
    { part: 'incoming', people: ['waiting'] },
    { part: 'supervisor', people: ['supervisor'] },
  ])
  t.match(outcomeOf(facts(), ['custodian'], 'handover').by, [
    { part: 'supervisor', people: ['supervisor'] },
    { part: 'legal_office', people: ['auditor'] },
    { part: 'incoming', people: ['waiting'] },
  ])
  t.match(outcomeOf(facts(), ['waiting'], 'handover').by, [
    { part: 'first_password', people: ['administrator'] },
    { part: 'releases', people: ['auditor'] },
    { part: 'outgoing', people: ['custodian'] },
    { part: 'incoming', people: ['newcomer'] },
    { part: 'supervisor', people: ['supervisor'] },
  ])
  t.match(outcomeOf(facts(), ['custodian'], 'package'), {
    state: 'after_handover',
    by: [
      { part: 'proposes', people: ['waiting'] },
      { part: 'decides', people: ['supervisor'] },
    ],
  })
  t.equal(outcomeOf(facts(), ['auditor', 'custodian'], 'package').state, 'stops', 'of two away nobody hands over')
  t.match(outcomeOf(facts(), [], 'keeper_change').by, [
    { part: 'proposes', people: ['supervisor', 'administrator'] },
    { part: 'confirms', people: ['concerned', 'supervisor'] },
  ])
  t.match(outcomeOf(facts(), ['administrator'], 'keeper_change').by, [
    { part: 'proposes', people: ['supervisor'] },
    { part: 'confirms', people: ['concerned'] },
  ])
  t.match(outcomeOf(facts(), ['administrator'], 'release', 'custodian').by, [
    { part: 'first_password', people: ['supervisor'] },
    { part: 'releases', people: ['auditor'] },
  ])
})

t.test('a deputy does what the supervisor does, for as long as his time lasts', async (t) => {
  const seats = [...smallest, seat('deputy', 'deputy')]
  const acting = new Map([['deputy', 'supervisor']])
  const withDeputy = facts({ seats, moments: [{ at: from, principals: acting }] })
  t.same(stopped(withDeputy, 'supervisor'), [])
  t.same(stopped(withDeputy, 'deputy'), [])
  t.same(stopped(facts({ seats }), 'auditor').includes('deputyship'), true, 'nobody signs that one is named')
  const friday = new Date('2027-03-12T16:00:00.000Z')
  const moments: [Moment, Moment] = [
    { at: from, principals: acting },
    { at: friday, principals: new Map() },
  ]
  t.match(outcomeOf(facts({ seats, moments }), ['supervisor'], 'package'), { state: 'stops', from: friday })
  const others = seats.map((one) => (one.id === 'supervisor' ? { ...one, id: 'another' } : one))
  t.ok(stopped({ ...withDeputy, seats: others }, 'another').includes('package'), 'not after his principal’s account')
})

t.test('with a deputy named and spare codes sealed, no absence of one person stops anything', async (t) => {
  const seats = [...smallest, seat('deputy', 'deputy')]
  const moments: [Moment] = [{ at: from, principals: new Map([['deputy', 'supervisor']]) }]
  // The auditor's is sealed by the custodian, with the supervisor: while the administrator is away, only the supervisor can
  // reset that password, who must not know the code.
  const sealer = (id: string) => (id === 'auditor' ? 'custodian' : 'auditor')
  const spares = seats.map(({ id }) => ({ personId: id, hands: [{ id: sealer(id) }] }))
  const given = facts({ seats, moments, spares })
  for (const { id } of seats) t.same(stopped(given, id), [], `${id} away`)
  for (const { outcomes } of forecastSeats(given, 1).absences) {
    t.same(
      outcomes.filter(({ act, state }) => state === 'stops' && act !== 'new_account'),
      [],
    )
  }
  t.match(outcomeOf(given, ['auditor'], 'release', 'supervisor').by, [
    { part: 'first_password', people: ['administrator'] },
    { part: 'opens_spare', people: ['custodian', 'waiting'] },
  ])
  const without = (id: string) => facts({ seats, moments, spares: spares.filter(({ personId }) => personId !== id) })
  t.same(stopped(without('supervisor'), 'auditor'), ['release supervisor'])
  t.same(stopped(without('auditor'), 'administrator'), ['release auditor'])
  const bySupervisor = spares.map((one) =>
    one.personId === 'auditor' ? { ...one, hands: [{ id: 'supervisor' }] } : one,
  )
  t.same(stopped(facts({ seats, moments, spares: bySupervisor }), 'administrator'), ['release auditor'], 'one hand')
  const waits = (id: string) =>
    forecastSeats(given, 1)
      .absences.find(({ away }) => away[0] === id)!
      .outcomes.filter(({ act, state }) => act === 'new_account' && state === 'stops')
      .map(({ role }) => role)
  t.same(waits('auditor'), ['supervisor', 'deputy', 'custodian'], 'these wait until he is back')
  t.same(waits('supervisor'), [])
  t.equal(waits('administrator').length, 8)
})

t.test('a new account and whoever released it are not counted as two', async (t) => {
  const newAccounts = [
    { personId: 'custodian', madeBy: ['administrator'], releasedBy: ['supervisor'], isReleasedByBoth: false },
  ]
  const given = facts({ newAccounts })
  t.equal(outcomeOf(given, [], 'quarantine').state, 'stops')
  t.equal(outcomeOf(given, [], 'setting').state, 'possible')
  t.equal(outcomeOf(given, [], 'handover').state, 'possible', 'the third stands for himself')
  t.same(stopped(given, 'auditor').includes('quarantine'), false, 'what stops anyhow is nobody’s absence')
})

t.test('where an office is vacant the other releases, and it waits', async (t) => {
  const seats = smallest.filter(({ role }) => role !== 'auditor')
  t.equal(outcomeOf(facts({ seats }), [], 'release', 'waiting').state, 'after_wait')
  const resetNow = smallest.map((one) => (one.role === 'auditor' ? { ...one, canSignIn: false } : one))
  t.equal(outcomeOf(facts({ seats: resetNow }), [], 'release', 'waiting').state, 'stops', 'a reset makes none vacant')
})

t.test('as text it names what stops first, and of pairs only what neither stops alone', async (t) => {
  const shown = shownForecast(forecastSeats(facts()))
  const lines = forecastLines(shown, 'zh', (iso) => iso.slice(0, 10))
  t.equal(lines[0], '预测期间：2027-03-01 至 2027-03-22')
  const supervisor = lines.indexOf('supervisor不在岗')
  t.same(lines.slice(supervisor + 1, supervisor + 3), ['  停办  资料管理员工作交接', '  停办  含音像资料的举证材料'])
  t.ok(lines.includes('  可办理  更改设置：提出 custodian、administrator；决定 auditor'))
  const pair = lines.indexOf('auditor、custodian不在岗（在各自单独不在岗的影响以外，另有）')
  t.same(lines.slice(pair + 1, pair + 3), ['  停办  资料管理员工作交接', '  停办  含音像资料的举证材料'])
  t.notOk(
    lines.some((line) => line.startsWith('supervisor、custodian不在岗')),
    'the supervisor’s absence stops all of it',
  )
  const [nobody, first] = lines.slice(1, 3)
  t.same([nobody, first], ['无人缺岗', '  尚未指定  受委托人履职'], 'nobody stops what nobody was named for')
  t.notOk(lines.some((line) => line.includes('停办  受委托人履职')))
  const english = forecastLines(shown, 'en', (iso) => iso.slice(0, 10))
  t.equal(english.length, lines.length)
  t.ok(english.includes('custodian away'))
  for (const { zh, en } of Object.values(seatActs)) {
    t.ok(lines.some((line) => line.includes(zh)) && english.some((line) => line.includes(en)), en)
  }
})
