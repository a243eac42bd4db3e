import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t, { type Test } from 'tap'
import { writeSecret } from '../../../services/cli/ledger-keys.ts'
import { runProgram } from '../../../services/cli/program.ts'
import { makeFirstAccounts } from '../../../services/custody/people/first-accounts.ts'
import { recoveryNotices, vacantOffices } from '../../../services/custody/people/recovery.ts'
import { shut } from '../../../services/custody/people/shutting.ts'
import { signIn } from '../../../services/custody/people/sign-in.ts'
import type { Role } from '../../../services/custody/roles/roles.ts'
import { testTerminal } from '../../support/terminal.ts'
import { type ArchiveWorld, openArchiveWorld } from '../archive/archive-world.ts'
import { rowFindings } from '../package/making.ts'

t.setTimeout(480_000)

const setup = { id: 'setup', role: 'service' }
const dayMs = 24 * 60 * 60_000

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'custody-recover-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function sharesOf(t: Test, identity: string): Promise<string[]> {
  const directory = folder(t)
  const key = join(directory, 'key')
  await writeSecret(key, identity)
  const counts = ['--shares', '3', '--needed', '2', '--out-directory', join(directory, 'shares')]
  const code = await runProgram(['recovery-key', '--from', key, ...counts], testTerminal())
  t.equal(code, 0)
  return readdirSync(join(directory, 'shares'))
    .sort()
    .map((name) => join(directory, 'shares', name))
}

function runner({ world, log }: ArchiveWorld, changes: Record<string, string> = {}) {
  const env = {
    ...world.environmentFor('cli'),
    DATABASE_URL: world.databaseUrl('owner'),
    LEDGER_ORIGIN: log.origin,
    ...changes,
  }
  return async (shares: readonly string[], accounts: readonly string[], ...rest: string[]) => {
    const terminal = testTerminal(env)
    const given = [...shares.flatMap((path) => ['--share', path]), ...accounts.flatMap((one) => ['--account', one])]
    // The command runs on a database as it is in a bureau: its time is the real one.
    const tolerance = (ms: number) => world.db.updateTable('event_time_rule').set({ tolerance_ms: ms }).execute()
    const { tolerance_ms } = await world.db
      .selectFrom('event_time_rule')
      .select('tolerance_ms')
      .executeTakeFirstOrThrow()
    await tolerance(5000)
    const code = await runProgram(['recover-people', ...given, ...rest], terminal)
    await tolerance(tolerance_ms)
    return { code, printed: terminal.printed.join('\n'), told: terminal.told.join('\n') }
  }
}

t.test('the keepers of two shares bring back an office that nobody holds, and nothing else', async (t) => {
  const archive = await openArchiveWorld(t)
  const { world, identity, recipient } = archive
  const { db, clock } = world
  const first = Object.entries({
    administrator: 'admin',
    supervisor: 'zhaoqiang',
    auditor: 'chenjing',
    custodian: 'wangfang',
  }).map(([role, account]) => ({ role: role as Role, name: `${account} 同志`, account }))
  const { made } = await makeFirstAccounts(db, clock, setup, first)
  const [administrator, supervisor] = [made[0]!, made[1]!]
  const shares = await sharesOf(t, identity)
  const two = shares.slice(1)
  const account = ['auditor:周敏:zhoumin']
  const recover = runner(archive)
  t.match(await recover(two, account), { code: 2, told: /backup-a holds no archive of this ledger/ })
  const stopArchive = archive.startArchive()
  await archive.archived()
  await stopArchive()

  t.match(await recover(two, account), { code: 2, told: /no office is vacant/ })
  t.match(await recover(shares.slice(0, 1), account), { code: 2, told: /2 different shares/ })
  const stranger = await generateX25519Identity()
  const foreign = await sharesOf(t, stranger)
  t.match(await recover(foreign, account), { code: 2, told: /the recovery key is another/ }, 'it opens no archive')
  const set = runner(archive, { ARCHIVE_RECOVERY_RECIPIENT: await identityToRecipient(stranger) })
  t.match(await set(two, account), { code: 2, told: /ARCHIVE_RECOVERY_RECIPIENT is another key/ })
  t.match(await recover(two, account, '--store', 'tape'), { code: 2, told: /--store/ })

  const chenjing = (await db.selectFrom('person').where('account', '=', 'chenjing').select('id').execute())[0]!
  const shutting = { id: administrator.id, role: 'administrator' }
  await db.transaction().execute((trx) => shut(trx, clock, shutting, { personId: chenjing.id }))
  t.same(await vacantOffices(db), ['auditor'])
  t.match(
    await recover(two, [...account, 'supervisor:又一位:youyiwei']),
    { code: 2, told: /youyiwei.*vacant are: auditor/ },
    'an office that is held is not filled beside its holder',
  )
  t.match(await recover(two, ['custodian:王芳:wangfang']), { code: 2, told: /vacant are: auditor/ })
  t.same(await vacantOffices(db), ['auditor'], 'all or nothing')

  const passwordsFile = join(folder(t), 'first.json')
  const done = await recover(two, account, '--passwords-file', passwordsFile, '--json')
  t.equal(done.code, 0, done.told)
  t.match(JSON.parse(done.printed), { shares: [2, 3], recipient, accounts: [{ role: 'auditor', account: 'zhoumin' }] })
  const [{ password }] = JSON.parse(readFileSync(passwordsFile, 'utf8')) as [{ password: string }]
  t.notMatch(done.printed, password)
  const session = await signIn(db, clock, { account: 'zhoumin', password, address: '10.0.0.1' })
  t.equal(session.mustChangePassword, true, 'the account is open at once')

  const [event] = await db.selectFrom('event').where('kind', '=', 'bureau.recovered').selectAll().execute()
  t.match(JSON.parse(event!.body), {
    actor: 'recovery',
    actorRole: 'service',
    details: {
      shares: [2, 3],
      recoveryRecipient: recipient,
      gone: [],
      accounts: [{ account: 'zhoumin', name: '周敏' }],
    },
    subjects: [{ type: 'account' }],
  })
  t.match(await recoveryNotices(db, clock.now()), [{ shares: [2, 3], accounts: [{ account: 'zhoumin' }] }])
  t.match(await recover(two, ['auditor:再一位:zaiyiwei']), { code: 2, told: /no office is vacant/ }, 'once is enough')

  const gone = ['--gone', 'zhaoqiang']
  const next = ['supervisor:钱进:qianjin']
  t.match(await recover(two, next, ...gone), { code: 2, told: /less than 30 days ago: not gone/ })
  t.equal(
    await signIn(db, clock, { account: 'admin', password: administrator.firstPassword, address: 'a' }).then(() => 1),
    1,
  )
  clock.advance(31 * dayMs)
  // The command has the real clock: he was made long ago, as far as that can tell.
  await world.asSuperuser((superuser) =>
    superuser
      .updateTable('person')
      .set({ created_at: new Date(Date.now() - 31 * dayMs) })
      .where('id', '=', supervisor.id)
      .execute(),
  )
  t.match(await recover(two, next, '--gone', 'zhoumin'), { code: 2, told: /zhoumin: seen at/ })
  t.match(await recover(two, next, '--gone', 'nobody'), { code: 2, told: /no such account/ })
  const twiceAndShut = [...gone, ...gone, '--gone', 'chenjing']
  t.match(await recover(two, next, ...twiceAndShut), { code: 0, printed: /qianjin/ })
  const shutEvents = await db.selectFrom('event').where('kind', '=', 'person.disabled').select('subjects').execute()
  t.equal(shutEvents.length, 2, 'each account is shut once')
  t.match(await db.selectFrom('person').where('id', '=', supervisor.id).select('disabled_at').execute(), [
    { disabled_at: Date },
  ])
  t.equal((await recoveryNotices(db, new Date())).length, 2)
  t.same(await recoveryNotices(db, new Date(Date.now() + 200 * dayMs)), [])
  const findings = (await rowFindings(world)).filter(({ subject }) => !subject.includes(supervisor.id))
  t.same(findings, [])
})
