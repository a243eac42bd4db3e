import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { runProgram } from '../../../services/cli/program.ts'
import { testTerminal } from '../../support/terminal.ts'

const run = promisify(execFile)
const bin = resolve(import.meta.dirname, '../../../services/cli/custody.mjs')

async function folder(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'custody-cli-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

t.test('help ends with 0, what it does not know with 2', async (t) => {
  for (const args of [['--help'], ['chain', '--help'], ['help', 'setup']]) {
    const terminal = testTerminal()
    t.equal(await runProgram(args, terminal), 0, args.join(' '))
    t.match(terminal.printed.join('\n'), /Usage: custody/)
  }
  for (const args of [
    ['no-such'],
    ['chain'],
    ['fsck', '--no-such'],
    ['chain', 'X', '--lang', 'fr'],
    ['dock', 'add', 'X'],
  ]) {
    t.equal(await runProgram(args, testTerminal()), 2, args.join(' '))
  }
})

t.test('what is missing is named on standard error, with 2', async (t) => {
  const withoutKeys = testTerminal()
  t.equal(await runProgram(['chain', 'X'], withoutKeys), 2)
  t.match(withoutKeys.told.join('\n'), /--verifier-key.*\n.*--vrf-key/)
  const withoutDatabase = testTerminal()
  t.equal(await runProgram(['migrate'], withoutDatabase), 2)
  t.match(withoutDatabase.told.join('\n'), /DATABASE_URL: missing/)
})

t.test('a database or a service that is away ends with 3', async (t) => {
  const database = testTerminal({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' })
  t.equal(await runProgram(['migrate'], database), 3)
  t.match(database.told.join('\n'), /cannot be reached/)
  t.notMatch(database.told.join('\n'), /secret/)
  const keys = await madeKeys(t)
  const service = testTerminal({ ...keys, CUSTODY_PASSWORD: 'x' })
  t.equal(await runProgram(['chain', 'X', '--access', 'http://127.0.0.1:1', '--account', 'a'], service), 3)
})

async function madeKeys(t: Test): Promise<Record<string, string>> {
  const terminal = testTerminal({ LEDGER_ORIGIN: 'test.log/ledger' })
  t.equal(await runProgram(['keys', 'make', '--keys-directory', await folder(t)], terminal), 0)
  // As a shell reads them: several keys stand in quotes.
  return Object.fromEntries(terminal.printed.map((line) => line.replaceAll('"', '').split(/=(.*)/s).slice(0, 2)))
}

t.test('keys are made once, only for their owner to read, and never written over', async (t) => {
  const directory = await folder(t)
  const terminal = testTerminal({ LEDGER_ORIGIN: 'test.log/ledger' })
  const args = ['keys', 'make', '--keys-directory', directory, '--json']
  t.equal(await runProgram(args, terminal), 0)
  const signing = await readFile(join(directory, 'ledger-signing.key'), 'utf8')
  for (const name of ['ledger-signing.key', 'ledger-vrf.key']) {
    t.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name)
  }
  t.equal(await runProgram(args, terminal), 0)
  t.equal(terminal.printed[0], terminal.printed[1])
  t.notMatch(terminal.printed.join(), /PRIVATE/)
  t.equal(await readFile(join(directory, 'ledger-signing.key'), 'utf8'), signing)
  t.equal(await runProgram(['keys', 'show', '--keys-directory', directory, '--json'], terminal), 0)
  t.equal(terminal.printed[0], terminal.printed[2])
  t.equal(await runProgram([...args, '--origin', 'another.log'], testTerminal()), 2)
  await rm(join(directory, 'ledger-vrf.key'))
  t.equal(await runProgram(args, testTerminal({ LEDGER_ORIGIN: 'test.log/ledger' })), 2, 'half a pair is not completed')
})

t.test('the bin file works from any folder, and with the system’s Node too', async (t) => {
  const { stdout } = await run(bin, ['--help'], { cwd: '/', env: { PATH: process.env.PATH ?? '' } })
  t.match(stdout, /Usage: custody/)
  const failed = (await run(bin, ['no-such'], { cwd: await folder(t) }).catch((error) => error)) as { code: number }
  t.equal(failed.code, 2)
})

t.test('a wrong table of accounts or devices is refused with every line named', async (t) => {
  const directory = await folder(t)
  const devices = join(directory, 'devices.csv')
  await writeFile(devices, '\ufeffserial,kind,model,holder\nZJ1,recorder,,\nZJ 2,recorder\n,toaster,,\nZJ1,录音笔,,\n')
  const terminal = testTerminal({ DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' })
  t.equal(await runProgram(['setup', '--devices', devices], terminal), 2)
  t.match(terminal.told.join('\n'), /Invalid Record Length|line 3/)

  await writeFile(devices, 'serial,kind,model,holder\nZJ1,recorder,,\nZJ 2,recorder,,\n,toaster,,\nZJ1,录音笔,,\n')
  const named = testTerminal({ DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' })
  t.equal(await runProgram(['setup', '--devices', devices], named), 2)
  const told = named.told.join('\n')
  for (const line of ['line 3: serial', 'line 4: serial', 'line 4: kind', 'line 5: serial: ZJ1 stands in line 2']) {
    t.match(told, line)
  }
  t.match(told, 'nothing was imported')
  t.notMatch(told, 'line 2:')

  await writeFile(devices, Buffer.from([0xd6, 0xb4, 0xb7, 0xff]))
  t.equal(await runProgram(['setup', '--devices', devices], named), 2)
  t.match(named.told.join('\n'), /neither UTF-8 nor GBK/)
  t.equal(await runProgram(['setup', '--account', 'king:某:k'], named), 2)
  t.match(named.told.join('\n'), /--account king:某:k: role/)
  t.equal(await runProgram(['setup', '--account', 'officer:某:aa', '--account', 'officer:某:aa'], named), 2)
  t.match(named.told.join('\n'), /aa is named twice/)
})
