import t from 'tap'
import { dependenceAmong, type NewAccount } from '../../../services/custody/signing/new-accounts.ts'

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
    personId: 'custodian2',
    openedBy: 'auditor2',
  })
  t.same(dependenceAmong(named('custodian2', 'auditor2', 'supervisor'), [...accounts].reverse()), {
    personId: 'custodian2',
    openedBy: 'auditor2',
  })
  t.equal(dependenceAmong(named('supervisor', 'auditor2', 'custodian'), accounts), null)
  t.equal(
    dependenceAmong(named('supervisor', 'custodian2'), accounts),
    null,
    'whoever stands between them must sign too',
  )
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
