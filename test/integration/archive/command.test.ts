import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identityToRecipient } from 'age-encryption'
import t from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { readWorkersConfig } from '../../../workers/config.ts'
import { testTerminal } from '../../support/terminal.ts'
import { openWorld } from '../../support/world.ts'
import { archivedLedger, rowsOf } from './rebuild-world.ts'

t.test('recovery-key and rebuild-events: one makes the key, the other says what came back', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'custody-recovery-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'recovery.key')
  const run = async (args: string[], env: Record<string, string> = {}) => {
    const terminal = testTerminal(env)
    return {
      code: await runProgram(args, terminal),
      printed: terminal.printed.join('\n'),
      told: terminal.told.join('\n'),
    }
  }
  const made = await run(['recovery-key', '--out', file])
  t.equal(made.code, 0)
  t.equal((await stat(file)).mode & 0o777, 0o600)
  const identity = (await readFile(file, 'utf8')).split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-1'))!
  t.equal(await identityToRecipient(identity), made.printed.trim())
  t.notMatch(made.printed + made.told, identity)
  t.match(await run(['recovery-key', '--out', file]), { code: 2, told: /not written over/ })

  const archive = await archivedLedger(t)
  const { world, log } = archive
  const lost = await openWorld(t)
  await writeFile(file, `# kept in two safes\n${archive.identity}\n`)
  const env = {
    ...world.environmentFor('cli'),
    DATABASE_URL: lost.databaseUrl('owner'),
    LEDGER_ORIGIN: log.origin,
    LEDGER_VERIFIER_KEY: log.verifierKeys,
    LEDGER_VRF_PUBLIC_KEY: log.vrfPublicKey.toString('hex'),
    LEDGER_VRF_KEY: log.vrfSecretKey.toString('hex'),
  }
  const args = ['rebuild-events', '--store', 'backup-a', '--recovery-key', file]
  t.match(await run([...args, '--check'], env), { code: 0, printed: /303 events on backup-a.*nothing was written/s })
  const done = await run([...args, '--json'], env)
  t.equal(done.code, 0, done.told)
  t.match(JSON.parse(done.printed), {
    store: 'backup-a',
    events: 303,
    size: 303,
    lost: 0,
    missing: { person: { told: 0 } },
  })
  t.same(await rowsOf(lost.db), await rowsOf(world.db))
  t.match(await run(['rebuild-events', '--store', 'tape', '--recovery-key', file], env), { code: 2, told: /--store/ })
  t.match(await run(args, { ...env, LEDGER_VRF_KEY: '0a'.padEnd(64, '0') }), { code: 2, told: /LEDGER_VRF_PUBLIC_KEY/ })
})

t.test('the part does not start without a recovery key', async (t) => {
  const world = await openWorld(t)
  const ledger = { LEDGER_ORIGIN: 'ledger.test/custody', LEDGER_VERIFIER_KEY: 'ledger.test/custody+…' }
  const env = { ...world.environmentFor('archive'), REDIS_URL: world.redisUrl, ...ledger }
  t.throws(() => readWorkersConfig(['archive'], env), {
    code: 'bad_config',
    message: /ARCHIVE_RECOVERY_RECIPIENT: missing/,
  })
  const wrong = { ...env, ARCHIVE_RECOVERY_RECIPIENT: 'AGE-SECRET-KEY-1' }
  t.throws(() => readWorkersConfig(['archive'], wrong), { code: 'bad_config', message: /not a recipient/ })
  // Whoever puts the secret half there by mistake does not find it in a log.
  t.throws(() => readWorkersConfig(['archive'], wrong), { message: /^((?!SECRET).)*$/s })
})
