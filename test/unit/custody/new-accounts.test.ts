import t from 'tap'
import { areIndependent, dependenceAmong, type NewAccount } from '../../../services/custody/signing/new-accounts.ts'

function made(personId: string, madeBy: string, releasedBy: string, isReleasedByBoth = false): NewAccount {
  return { personId, madeBy: [madeBy], releasedBy: [releasedBy], isReleasedByBoth }
}

const named = (...ids: readonly string[]) => ids.map((id) => ({ id }))

t.test('a new account and whoever made or released it are one, when there is no third name', async (t) => {
  const accounts = [made('new', 'maker', 'releaser')]
  t.same(dependenceAmong(named('releaser', 'new'), accounts), { personId: 'new', openedBy: 'releaser' })
  t.same(dependenceAmong(named('new', 'maker'), accounts), { personId: 'new', openedBy: 'maker' })
  t.equal(dependenceAmong(named('new', 'other'), accounts), null)
  t.equal(dependenceAmong(named('releaser', 'other'), accounts), null)
  t.equal(dependenceAmong(named('new', 'releaser', 'other'), accounts), null, 'the third stands for himself')
  t.equal(dependenceAmong(named('new', 'maker', 'releaser'), accounts), null, 'two who had to work together')
  t.equal(dependenceAmong(named('new', 'new'), accounts), null)
  t.equal(dependenceAmong(named(), accounts), null)
})

t.test('accounts that one person released, and those that such an account released, are all his', async (t) => {
  const accounts = [made('auditor2', 'administrator', 'supervisor'), made('custodian2', 'administrator', 'auditor2')]
  t.same(dependenceAmong(named('supervisor', 'auditor2', 'custodian2'), accounts), {
    personId: 'auditor2',
    openedBy: 'supervisor',
  })
  t.same(dependenceAmong(named('custodian2', 'auditor2', 'supervisor'), [...accounts].reverse()), {
    personId: 'custodian2',
    openedBy: 'auditor2',
  })
  t.equal(dependenceAmong(named('supervisor', 'auditor2', 'custodian'), accounts), null)
  t.same(
    dependenceAmong(named('supervisor', 'custodian2'), accounts),
    { personId: 'auditor2', openedBy: 'supervisor' },
    'also while whoever stands between them is not among the names',
  )
})

t.test('two new accounts are one when the same person, or the same two, stand behind both', async (t) => {
  const pair = [made('one', 'administrator', 'auditor'), made('other', 'administrator', 'auditor')]
  t.same(dependenceAmong(named('one', 'other'), pair), { personId: 'one', openedBy: 'auditor' })
  const twoMakers = [made('one', 'administrator', 'auditor'), made('other', 'administrator2', 'auditor')]
  t.same(dependenceAmong(named('one', 'other'), twoMakers), { personId: 'one', openedBy: 'auditor' })
  const twoReleasers = [made('one', 'administrator', 'auditor'), made('other', 'administrator', 'supervisor')]
  t.equal(
    dependenceAmong(named('one', 'other'), twoReleasers),
    null,
    'of the administrator’s word alone neither is open',
  )
  const newMaker = [
    made('administrator2', 'administrator', 'auditor2'),
    made('one', 'administrator2', 'auditor'),
    made('other', 'administrator2', 'supervisor'),
  ]
  t.same(dependenceAmong(named('one', 'other'), newMaker), { personId: 'one', openedBy: 'administrator2' })
  t.equal(dependenceAmong(named('one', 'other', 'supervisor2'), pair), null, 'the third stands for himself')
  const oneByBoth = [pair[0]!, { ...pair[1]!, isReleasedByBoth: true }]
  t.equal(dependenceAmong(named('one', 'other'), oneByBoth), null)
  t.equal(areIndependent({ id: 'one' }, { id: 'other' }, pair), false)
  t.equal(areIndependent({ id: 'one' }, { id: 'supervisor' }, pair), true)
  t.equal(areIndependent({ id: 'deputy', onBehalfOf: 'supervisor' }, { id: 'supervisor' }, []), false)
})

t.test('a chain of new accounts leads back to whoever began it, with nobody of it among the names', async (t) => {
  const chain = [
    made('auditor2', 'administrator', 'supervisor'),
    made('supervisor2', 'administrator', 'auditor2'),
    made('custodian2', 'administrator', 'auditor2'),
    made('custodian3', 'administrator', 'auditor3'),
    made('auditor3', 'administrator', 'supervisor2'),
  ]
  for (const names of [
    named('supervisor2', 'custodian2'),
    named('custodian3', 'supervisor'),
    named('custodian3', 'auditor2'),
  ]) {
    t.ok(dependenceAmong(names, chain), names.map(({ id }) => id).join())
  }
  t.equal(dependenceAmong(named('custodian3', 'auditor'), chain), null)
  const ring = [made('a', 'administrator', 'b'), made('b', 'administrator', 'a')]
  t.ok(dependenceAmong(named('a', 'b'), ring), 'a ring ends')
})

t.test('an account that both offices released stands by itself', async (t) => {
  t.equal(dependenceAmong(named('releaser', 'new'), [made('new', 'maker', 'releaser', true)]), null)
  const accounts = [
    made('auditor2', 'administrator', 'supervisor', true),
    made('custodian2', 'administrator', 'auditor2'),
  ]
  t.equal(dependenceAmong(named('supervisor', 'auditor2', 'custodian2'), accounts), null)
})

t.test('a deputy stands for whoever appointed him', async (t) => {
  const accounts = [made('custodian2', 'administrator', 'supervisor')]
  const deputy = { id: 'deputy', onBehalfOf: 'supervisor' }
  const dependent = { personId: 'custodian2', openedBy: 'supervisor' }
  t.same(dependenceAmong([...named('custodian2'), deputy], accounts), dependent, 'the supervisor released it')
  t.equal(dependenceAmong(named('custodian2', 'deputy'), accounts), null, 'acting for nobody he is another')
  t.equal(dependenceAmong([...named('custodian2', 'auditor'), deputy], accounts), null, 'the third stands for himself')
  t.same(dependenceAmong([...named('custodian2', 'supervisor'), deputy], accounts), dependent, 'two in one interest')
  t.equal(dependenceAmong([...named('supervisor'), deputy], []), null, 'that the two are one is another rule')
  // The deputy released it, in the supervisor's place.
  const byDeputy = [{ ...accounts[0]!, releasedBy: ['deputy', 'supervisor'] }]
  t.same(dependenceAmong(named('custodian2', 'supervisor'), byDeputy), dependent)
})
