import t from 'tap'
import {
  isLoose,
  type Joining,
  joinedSubjects,
  registersToProve,
  subjectsOfCase,
} from '../../../services/ledger/format/closure.ts'

/** An event of a service about these subjects. */
const about = (...subjects: string[]): Joining => ({
  subjects: subjects.map((subject) => ({ type: subject.split(':')[0]!, id: subject.split(':')[1]! })),
  actor: 'ingest',
  actorRole: 'service',
  details: {},
})

t.test('recordings, uploads and viewings join a case; parties, packages and other cases do not', async (t) => {
  const body = about('case:1', 'recording:a', 'party:p', 'upload:u', 'package:g', 'viewing:v', 'case:2')
  t.same(joinedSubjects(body), ['recording:a', 'upload:u', 'viewing:v'])
})

t.test('of people, devices, docks and hand-ins only the registers are joined', async (t) => {
  const body = about('person:p', 'device:d', 'dock:k', 'hand_in:h')
  t.same(joinedSubjects(body), ['account:p', 'device-register:d', 'dock-register:k', 'hand-in-list:h'])
  const registers = ['account:p', 'device-register:d', 'dock-register:k', 'custodianship:bureau', 'hand-in-list:h']
  t.same(joinedSubjects(about(...registers)), registers, 'and a register joins what its acts name')
  t.same(joinedSubjects(about('person:')), [], 'nothing is joined without an id')
})

t.test('whoever acts joins his account, a dock its register, the custodian his office', async (t) => {
  const by = (actorRole: string, more: Partial<Joining> = {}) =>
    joinedSubjects({ ...about('case:1'), actor: 'x', actorRole, ...more })
  t.same(by('officer'), ['account:x'])
  t.same(by('custodian'), ['account:x', 'custodianship:bureau'])
  t.same(by('dock'), ['dock-register:x'])
  t.same(by('service'), [])
  t.same(by('nobody'), [])
  t.same(by('supervisor', { onBehalfOf: 'y' }), ['account:x', 'account:y'])
})

t.test('the people whom details name are joined, and nothing that is not a text', async (t) => {
  const named = (details: Joining['details']) => joinedSubjects({ ...about('case:1'), details })
  const filed = { officerIds: ['a', 'b', '', 4], participantIds: ['c'], reviewerIds: ['d'] }
  t.same(named(filed), ['account:a', 'account:b', 'account:c'])
  t.same(named({ sameSeat: { with: 'e', by: 'address', minutesApart: 3 } }), ['account:e'])
  t.same(named({ officerIds: 'a', participantIds: null, sameSeat: 'e' }), [])
})

t.test('a case is followed from event to event, in whatever order they come', async (t) => {
  const events = [
    about('viewing:v', 'person:p'),
    about('upload:u', 'dock:d'),
    about('upload:u', 'recording:a'),
    about('viewing:v', 'recording:a'),
    about('case:1', 'recording:a', 'person:p'),
    { ...about('account:p', 'person:p'), actor: 'q', actorRole: 'administrator' },
    about('account:q', 'person:q'),
  ]
  const all = ['account:p', 'account:q', 'case:1', 'dock-register:d', 'recording:a', 'upload:u', 'viewing:v']
  t.same([...subjectsOfCase('1', events)].sort(), all)
  t.same([...subjectsOfCase('1', events.toReversed())].sort(), all)
})

t.test('what a person, a dock or another case is named with does not belong to it', async (t) => {
  const events = [
    about('case:1', 'person:p', 'dock:d'),
    about('person:p', 'recording:b'),
    about('dock:d', 'recording:d'),
    about('case:2', 'recording:c'),
  ]
  t.same([...subjectsOfCase('1', events)], ['case:1', 'account:p', 'dock-register:d'])
  t.same([...subjectsOfCase('1', [])], ['case:1'])
})

t.test('an older act of a register of the case is a loose event, and nothing else is', async (t) => {
  const own = new Set(['case:1', 'account:p', 'hand-in-list:h', 'recording:a', 'custodianship:bureau'])
  const disclosed = new Set(['case:1', 'recording:a'])
  const loose = (kind: string, ...subjects: string[]) => isLoose({ kind, ...about(...subjects) }, own, disclosed)
  t.ok(loose('person.created', 'person:p'))
  t.ok(loose('custodian.appointed', 'person:q'), 'the office belongs to the case, whoever held it')
  t.notOk(loose('device.registered', 'device:d', 'person:p'), 'the register of a device that is not of the case')
  t.notOk(loose('hand_in.opened', 'hand_in:other', 'device:d', 'person:p'), 'the list of another case')
  t.ok(loose('hand_in.opened', 'hand_in:h', 'device:d', 'dock:k'))
  t.notOk(loose('person.created', 'person:q'), 'a stranger’s')
  t.notOk(loose('person.created', 'person:p', 'account:p'), 'it names its register')
  t.notOk(loose('person.created', 'person:p', 'recording:a'), 'it is disclosed already')
  t.notOk(loose('session.opened', 'person:p'), 'no act of a register')
  t.notOk(loose('hand_in.opened.again', 'hand_in:h'))
})

t.test('every register of what is named is proven whether it has an event or not', async (t) => {
  const named = ['recording:a', 'device:D:1', 'person:p', 'account:p', 'dock:d', 'hand_in:h', 'person:q']
  t.same(registersToProve(named), [
    ...['device-register:D:1', 'account:p', 'dock-register:d', 'hand-in-list:h', 'account:q', 'custodianship:bureau'],
  ])
  t.same(registersToProve(['recording:a', 'dock:d']), ['dock-register:d'])
})

t.test('a card kept under seal is shown with the cases of its hand-in, not with others of the device', async (t) => {
  const kept = { ...about('device:d', 'hand_in:h', 'hand-in-list:h', 'dock:k'), kind: 'device.card_kept' }
  const own = subjectsOfCase('1', [about('case:1', 'recording:a'), about('recording:a', 'device:d', 'hand_in:h'), kept])
  t.ok(own.has('hand-in-list:h'))
  const other = subjectsOfCase('2', [
    about('case:2', 'recording:b'),
    about('recording:b', 'device:d', 'hand_in:i'),
    kept,
  ])
  t.ok(other.has('device-register:d'))
  t.notOk(kept.subjects.some(({ type, id }) => other.has(`${type}:${id}`)))
  t.notOk(isLoose(kept, other, other))
})
