import t from 'tap'
import { dependenceAmong, type NewAccount } from '../../../services/custody/signing/new-accounts.ts'

function made(personId: string, madeBy: string, releasedBy: string, isReleasedByBoth = false): NewAccount {
  return { personId, madeBy: [madeBy], releasedBy: [releasedBy], isReleasedByBoth }
}

t.test('a new account and whoever made or released it are one, when there is no third name', async (t) => {
  const accounts = [made('new', 'maker', 'releaser')]
  t.same(dependenceAmong(['releaser', 'new'], accounts), { personId: 'new', openedBy: 'releaser' })
  t.same(dependenceAmong(['new', 'maker'], accounts), { personId: 'new', openedBy: 'maker' })
  t.equal(dependenceAmong(['new', 'other'], accounts), null)
  t.equal(dependenceAmong(['releaser', 'other'], accounts), null)
  t.equal(dependenceAmong(['new', 'releaser', 'other'], accounts), null, 'the third stands for himself')
  t.equal(dependenceAmong(['new', 'maker', 'releaser'], accounts), null, 'two who had to work together')
  t.equal(dependenceAmong(['new', 'new'], accounts), null)
  t.equal(dependenceAmong([], accounts), null)
})

t.test('accounts that one person released, and those that such an account released, are all his', async (t) => {
  const accounts = [made('auditor2', 'administrator', 'supervisor'), made('custodian2', 'administrator', 'auditor2')]
  t.same(dependenceAmong(['supervisor', 'auditor2', 'custodian2'], accounts), {
    personId: 'custodian2',
    openedBy: 'auditor2',
  })
  t.same(dependenceAmong(['custodian2', 'auditor2', 'supervisor'], [...accounts].reverse()), {
    personId: 'custodian2',
    openedBy: 'auditor2',
  })
  t.equal(dependenceAmong(['supervisor', 'auditor2', 'custodian'], accounts), null)
  t.equal(dependenceAmong(['supervisor', 'custodian2'], accounts), null, 'whoever stands between them must sign too')
})

t.test('an account that both offices released stands by itself', async (t) => {
  t.equal(dependenceAmong(['releaser', 'new'], [made('new', 'maker', 'releaser', true)]), null)
  const accounts = [
    made('auditor2', 'administrator', 'supervisor', true),
    made('custodian2', 'administrator', 'auditor2'),
  ]
  t.equal(dependenceAmong(['supervisor', 'auditor2', 'custodian2'], accounts), null)
})
