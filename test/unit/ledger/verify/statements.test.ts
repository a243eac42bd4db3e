import { createHash } from 'node:crypto'
import t from 'tap'
import { canonicalText, type JsonValue } from '../../../../services/ledger/format/canonical.ts'
import type { EventBody } from '../../../../services/ledger/format/entry.ts'
import { statementFaults } from '../../../../services/ledger/format/statement.ts'

const committed = (body: EventBody) => ({ body, text: canonicalText(body as unknown as JsonValue) })
const common = { id: 'e', at: '2026-11-28T08:00:00.000Z', actor: 'x', actorRole: 'officer' }
const putUp = committed({
  ...common,
  kind: 'device.keeper_asked',
  subjects: [{ type: 'device', id: 'ZF1' }],
  details: { changeId: 'c1' },
})
const right = {
  v: 1,
  act: 'device.keeper_changed',
  object: 'device:ZF1',
  objectSha256: createHash('sha256').update(putUp.text).digest('hex'),
  person: 'p',
  role: 'custodian',
  askedAt: '2026-11-28T08:00:01.000Z',
}

function faultsOf(statement: JsonValue | undefined, details: EventBody['details'] = {}, kind = right.act): string[] {
  const signed = committed({
    ...common,
    kind,
    actor: 'p',
    actorRole: 'custodian',
    subjects: [{ type: 'device', id: 'ZF1' }],
    details: { changeId: 'c1', ...(statement !== undefined && { statement }), ...details },
  })
  return statementFaults(signed, [putUp, signed])
}

t.test('a statement says who signed what, in which role, and an act of two has one', async (t) => {
  t.same(faultsOf(right), [])
  t.same(faultsOf(undefined), ['it has no statement of what was signed'])
  t.same(faultsOf(undefined, { changeId: 'c2' }), [
    'it has no statement of what was signed',
    'no event puts its object up for signature',
  ])
  t.same(faultsOf(undefined, {}, 'device.registered'), [])
  t.same(faultsOf({ ...right, person: 'q' }), ['person is q, the event says p'])
  t.same(faultsOf({ ...right, role: 'officer' }), ['role is officer, the event says custodian'])
  t.same(faultsOf({ ...right, act: 'device.keeper_refused' }), [
    'act is device.keeper_refused, the event says device.keeper_changed',
  ])
  t.same(faultsOf({ ...right, object: 'device:ZF2' }), ['object is device:ZF2, the event says device:ZF1'])
})

t.test('it is about the body of the event that put the matter up', async (t) => {
  t.same(faultsOf({ ...right, objectSha256: '0'.repeat(64) }), [
    'objectSha256 is not the digest of an event that put the object up',
  ])
  t.same(faultsOf(right, { changeId: 'c2' }), ['no event puts its object up for signature'])
  t.same(faultsOf(right, { changeId: 7 }), ['no event puts its object up for signature'])
})

t.test('of a list it says the list, whatever the kind; of kinds without a rule only who signed', async (t) => {
  const sha256 = 'ab'.repeat(32)
  const list = { id: 'l', of: 2, place: 1, sha256 }
  t.same(faultsOf({ ...right, object: 'list:l', objectSha256: sha256 }, { list }), [])
  const another = ['it is not about the list that the event names']
  t.same(faultsOf(right, { list }), another)
  const { id: _, ...nameless } = list
  const undefinedList = { ...right, object: 'list:undefined', objectSha256: sha256 }
  t.same(faultsOf(undefinedList, { list: nameless }), another)
  t.same(faultsOf({ ...right, act: 'setting.changed', object: 'anything' }, {}, 'setting.changed'), [])
})

t.test('a statement has exactly its members', async (t) => {
  const wrong = ['it is not {act, askedAt, object, objectSha256, person, role, v: 1}']
  const { askedAt: _, ...less } = right
  for (const statement of [null, 'x', [], less, { ...right, more: '' }, { ...right, v: 2 }, { ...right, role: 1 }]) {
    t.same(faultsOf(statement), wrong, JSON.stringify(statement))
  }
  t.same(faultsOf({ ...right, objectSha256: 'AB'.repeat(32) }), wrong)
})

t.test('what two people do without a statement was put up by another person, too', async (t) => {
  const account = [{ type: 'account', id: 'a' }]
  const asked = { ...putUp.body, id: 'asked', kind: 'person.shut_asked', subjects: account, details: {} }
  const shut = (by: Partial<EventBody>, details: EventBody['details']) => {
    const body = { ...common, actor: 'p', kind: 'person.disabled', subjects: account, details, ...by }
    return statementFaults(committed(body), [committed(asked), committed(body)])
  }
  t.same(shut({}, { shuttingId: 'asked' }), [])
  t.same(shut({}, {}), [], 'what one may do alone')
  t.same(shut({}, { shuttingId: 'other' }), ['no event puts its object up for signature'])
  t.same(shut({ actor: 'x' }, { shuttingId: 'asked' }), ['whoever signed it had put it up himself'])
  t.same(shut({ onBehalfOf: 'x' }, { shuttingId: 'asked' }), ['whoever signed it had put it up himself'])
})
