import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { passwordMatches } from '../../../services/custody/people/password.ts'
import { openHeadFile } from '../../../services/ledger/log/head.ts'
import { parseLedgerKeys } from '../../../services/ledger/log/secret-keys.ts'
import { runSequencer } from '../../../services/ledger/log/sequencer.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openWorld, type World } from '../../support/world.ts'
import { settled } from '../fsck/tampered-world.ts'

const origin = 'test.log/ledger'

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'custody-setup-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

async function custody(world: World, args: string[], env: Record<string, string> = {}, answers?: string[]) {
  const terminal = testTerminal({ ...world.environmentFor('cli'), LEDGER_ORIGIN: origin, ...env }, answers)
  const code = await runProgram(args, terminal)
  return { code, printed: terminal.printed.join('\n'), told: terminal.told.join('\n') }
}

t.test('setup makes keys, accounts, custodian and devices with their events, and fsck agrees', async (t) => {
  const world = await openWorld(t)
  const directory = await folder(t)
  const file = (name: string) => join(directory, name)
  await writeFile(file('devices.csv'), 'serial,kind,model,holder\nZJ00001,recorder,DSJ-5,zhangwei\nHP00001,航拍器,,\n')
  await writeFile(
    file('accounts.csv'),
    '\ufeffname,role,account,officer_number,certificate_number\n王芳,资料管理员,wangfang,,\n李娜,officer,lina,012345,ZJ-1\n赵强,分管领导,zhaoqiang,,\n陈静,法制办,chenjing,,\n孙磊,系统管理员,sunlei,,\n',
  )
  const args = [
    'setup',
    ...['--keys-directory', file('keys'), '--devices', file('devices.csv'), '--accounts', file('accounts.csv')],
    ...['--passwords-file', file('passwords.json'), '--account', 'officer:张伟:zhangwei', '--json'],
  ]
  t.equal((await custody(world, ['migrate'])).code, 0)
  const first = await custody(world, args)
  t.equal(first.code, 0, first.told)
  const answer = JSON.parse(first.printed) as {
    verifierKeys: string[]
    vrfPublicKey: string
    custodian: string
    devices: number
    seats: { people: object[] }
  }
  t.match(answer, { custodian: 'wangfang', devices: 2, keysMade: true, origin })
  t.match(answer.seats.people, [{ role: 'custodian', inOffice: true }, { role: 'supervisor' }], 'who may be away')

  const passwords = JSON.parse(await readFile(file('passwords.json'), 'utf8')) as {
    account: string
    password: string
  }[]
  t.equal((await stat(file('passwords.json'))).mode & 0o777, 0o600)
  t.notMatch(first.printed, passwords[0]!.password, 'what is in the file is not printed too')
  t.equal(new Set(passwords.map(({ password }) => password)).size, 6)
  for (const { account, password } of passwords) {
    const row = await world.db.selectFrom('person').where('account', '=', account).selectAll().executeTakeFirstOrThrow()
    t.ok(await passwordMatches(password, row.password_hash))
    t.match(row, { must_change_password: true, awaits_release: false })
  }
  const lina = await world.db.selectFrom('person').where('account', '=', 'lina').selectAll().executeTakeFirstOrThrow()
  t.match(lina, { officer_number: '012345', certificate_number: 'ZJ-1' })

  await t.test('again it changes nothing', async (t) => {
    const before = await world.db.selectFrom('event').select('id').execute()
    const again = await custody(
      world,
      args.filter((arg) => arg !== '--passwords-file' && arg !== file('passwords.json')),
    )
    t.equal(again.code, 0, again.told)
    t.match(JSON.parse(again.printed), { accounts: [], custodian: null, devices: 0, keysMade: false })
    t.same(JSON.parse(again.printed).verifierKeys, answer.verifierKeys)
    t.same(await world.db.selectFrom('event').select('id').execute(), before)
  })

  await t.test('the keys that it made sign a ledger in which fsck finds nothing', async (t) => {
    const read = async (name: string) => (await readFile(join(file('keys'), name), 'utf8')).trim()
    const keys = parseLedgerKeys({
      origin,
      signingKey: await read('ledger-signing.key'),
      mlDsaKey: await read('ledger-mldsa.key'),
      vrfKey: await read('ledger-vrf.key'),
    })
    const stopper = new AbortController()
    const head = openHeadFile(file('head.json'), origin)
    const { db, notices, clock, log } = world
    const ended = runSequencer({ db, notices, ...keys, head, clock, log }, stopper.signal)
    await settled(world)
    stopper.abort()
    await ended
    const env = { LEDGER_VERIFIER_KEY: answer.verifierKeys.join(' '), LEDGER_VRF_PUBLIC_KEY: answer.vrfPublicKey }
    const clean = await custody(world, ['fsck', '--objects'], env)
    t.equal(clean.code, 0, clean.told + clean.printed)
    t.equal(clean.printed, 'everything agrees')
    await world.db.updateTable('device').set({ state: 'retired' }).where('serial', '=', 'ZJ00001').execute()
    const found = await custody(world, ['fsck', '--no-stores', '--json'], env)
    t.equal(found.code, 1)
    t.match(JSON.parse(found.printed), {
      errors: 1,
      findings: [{ check: 'rows.row_differs', subject: 'device ZJ00001' }],
    })
  })
})

const everyRole = [
  'administrator:孙磊:sunlei',
  'supervisor:赵强:zhaoqiang',
  'auditor:陈静:chenjing',
  'custodian:王芳:wangfang',
]
const named = (accounts: readonly string[]) => ['setup', ...accounts.flatMap((account) => ['--account', account])]

t.test('finding 1: one person at the host fills all seats of a running bureau with setup', async (t) => {
  const world = await openWorld(t)
  const passwords = join(await folder(t), 'passwords.json')
  t.equal((await custody(world, named(everyRole))).code, 0)
  const people = () => world.db.selectFrom('person').selectAll().orderBy('id').execute()
  const before = await people()
  const seats = ['supervisor:赵强:zq2', 'auditor:陈静:cj2', 'custodian:王芳:wf2']
  const again = await custody(world, [...named(seats), '--passwords-file', passwords])
  t.equal(again.code, 2)
  t.match(again.told, /zq2: setup makes accounts only while there are none\. The administrator makes this one/)
  t.notMatch(again.printed, /first password/)
  await t.rejects(stat(passwords), { code: 'ENOENT' })
  const renamed = await custody(world, named([...everyRole.slice(0, 3), 'custodian:赵强:wangfang']))
  t.equal(renamed.code, 2)
  t.match(renamed.told, /wangfang: this account is there already with other facts: 王芳, custodian/)
  const one = await custody(world, named([everyRole[0]!, 'officer:张伟:zhangwei']))
  t.equal(one.code, 2)
  t.same(await people(), before)
  t.same(await world.db.selectFrom('account_opening').select('id').execute(), [], 'nobody waits to be released')
})

t.test('two setups at once make the accounts of one list, once', async (t) => {
  const world = await openWorld(t)
  const rest = everyRole.slice(1)
  const lists = [everyRole, ['administrator:别人:bieren', ...rest]]
  const ended = await Promise.all(lists.map((list) => custody(world, named(list))))
  t.same(ended.map(({ code }) => code).sort(), [0, 2])
  t.equal((await world.db.selectFrom('person').select('id').execute()).length, 4)
  t.equal((await world.db.selectFrom('event').where('kind', '=', 'person.created').select('id').execute()).length, 4)
})

t.test('first accounts without whom no further one could be opened are refused as a whole', async (t) => {
  const world = await openWorld(t)
  for (const [place, role] of ['administrator', 'supervisor', 'auditor', 'custodian'].entries()) {
    const { code, told } = await custody(world, named(everyRole.filter((_, other) => other !== place)))
    t.equal(code, 2, role)
    t.match(told, `the first accounts name nobody of the role ${role}: `)
  }
  const path = join(await folder(t), 'staff.csv')
  await writeFile(path, 'name,role,account\n孙磊,系统管理员,sunlei\n,分管领导,zhaoqiang\n')
  const nameless = await custody(world, ['setup', '--accounts', path])
  t.equal(nameless.code, 2)
  t.match(nameless.told, `${path}: line 3: name: 1 to 100 characters`)
  t.same(await world.db.selectFrom('person').select('id').execute(), [])
})

t.test('a table of devices with one wrong line changes nothing', async (t) => {
  const world = await openWorld(t)
  const path = join(await folder(t), 'devices.csv')
  await writeFile(path, 'serial,kind,holder\nA1,recorder,\nA2,camera,nobody\n')
  const { code, told } = await custody(world, ['setup', '--devices', path])
  t.equal(code, 2)
  t.match(told, `${path}: line 3: holder: nobody is not the account of an officer`)
  t.same(await world.db.selectFrom('device').select('serial').execute(), [])
  t.same(await world.db.selectFrom('event').select('id').execute(), [])
})

t.test('without arguments setup asks for one account a role', async (t) => {
  const world = await openWorld(t)
  const answers = ['', '王芳', 'wangfang', '陈静', 'chenjing', '', '赵强', 'zhaoqiang', '', '孙磊', 'sunlei', '']
  const { code, printed, told } = await custody(world, ['setup'], {}, answers)
  t.equal(code, 0)
  t.match(told, /预测期间：.*\n(.*\n)*赵强不在岗\n {2}停办 {2}/, 'and what stops then')
  t.match(printed, /wangfang {2}王芳 {2}custodian {2}first password [a-z2-9-]{20,}/)
  t.match(printed, /sunlei .*administrator/)
  t.match(printed, /wangfang is the custodian in office/)
})

t.test('a dock is registered with a key of its own, whose secret half is only in the file', async (t) => {
  const world = await openWorld(t)
  const path = join(await folder(t), 'dock.key')
  const { code, printed } = await custody(world, ['dock', 'add', '一号采集站', '--signing-key-out', path, '--json'])
  t.equal(code, 0)
  const answer = JSON.parse(printed) as { dockId: string; publicKey: string }
  const row = await world.db.selectFrom('dock').selectAll().executeTakeFirstOrThrow()
  t.equal(row.id, answer.dockId)
  t.equal(row.public_key.toString('hex'), answer.publicKey)
  t.match(await readFile(path, 'utf8'), /^-----BEGIN PRIVATE KEY-----/)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.equal((await custody(world, ['dock', 'add', 'X', '--signing-key-out', path])).code, 2, 'never written over')
  t.equal((await world.db.selectFrom('dock').select('id').execute()).length, 1)
})
