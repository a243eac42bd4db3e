import { Command, CommanderError, Option } from 'commander'
import { addAccounts } from './account-program.ts'
import { chainCommand } from './chain.ts'
import { addClearing } from './clearing.ts'
import { exportCourierCommand, importCourierCommand } from './courier.ts'
import { addDeputies } from './deputy.ts'
import { addDevices } from './device.ts'
import { addDeviceTables } from './devices.ts'
import { addDockPasses } from './dock-pass.ts'
import { addDocks } from './dock-program.ts'
import { type ExitCode, exitCodes, tellFailure } from './exit.ts'
import { fsckCommand } from './fsck.ts'
import { addGaps } from './gap.ts'
import { addHandIns } from './hand-in.ts'
import { addHandovers } from './handover.ts'
import { makeKeysCommand, showKeysCommand } from './keys.ts'
import { migrateCommand } from './migrate.ts'
import { addNotices } from './notices-program.ts'
import { addPackages } from './package-program.ts'
import { consistencyCommand, proofCommand } from './proof.ts'
import { addQuarantine } from './quarantine.ts'
import { rebuildEventsCommand } from './rebuild-events.ts'
import { reconcileCommand } from './reconcile.ts'
import { addRecovery } from './recovery-program.ts'
import { addRosters } from './roster.ts'
import { addSeats } from './seats.ts'
import { addSettings } from './setting-program.ts'
import { setupCommand } from './setup.ts'
import { addSignList } from './sign-list.ts'
import { addSpares } from './spare.ts'
import { addSuppliedFilms } from './supplied-film.ts'
import type { Terminal } from './terminal.ts'
import { addThirdSignatures } from './third-signature.ts'
import { verifyPackagesCommand } from './verify.ts'

const exitCodesHelp = `
Exit codes: 0 done, and where something was checked it agrees; 1 a check found something; 2 asked or configured wrongly,
or refused; 3 a server could not be reached; 4 a defect of this program.`

/** Runs one command line and answers its exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine
  const program = makeProgram(terminal, (ended) => {
    code = ended
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    // Help and version end this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
    return tellFailure(error, terminal)
  }
}

function makeProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const program = new Command('custody')
    .description('Evidence custody for body-camera footage: the one command-line program.')
    .addHelpText('after', exitCodesHelp)
    .showHelpAfterError('(--help says more)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()
  addOperation(program, terminal, end)
  addKeys(program, terminal, end)
  addRecovery(program, terminal, end)
  addChecks(program, terminal, end)
  addCourier(program, terminal, end)
  addProofs(program, terminal, end)
  const context = { program, terminal, end, reaching }
  addNotices(context)
  addAccounts(context)
  addSettings(context)
  addSeats(program, context)
  addSpares(program, context)
  addThirdSignatures(program, context)
  addDeputies(context)
  addHandovers(context)
  addDevices(context)
  addDeviceTables(context)
  addDocks(context)
  addDockPasses(context)
  addRosters(context)
  addHandIns(context)
  addGaps(context)
  addClearing(context)
  addQuarantine(context)
  addSuppliedFilms(context)
  addSignList(context)
  addPackages(context)
  return program
}

const json = () => new Option('--json', 'print one JSON value instead of lines')
const originOption = () => new Option('--origin <name>', "the ledger's name for ever (default: LEDGER_ORIGIN)")
const languageOption = () =>
  new Option('--lang <language>', 'language of the lines and notices').choices(['zh', 'en']).default('zh')
const reaching = (command: Command) =>
  command
    .option('--access <address>', 'address of the service for people (default: CUSTODY_ACCESS)')
    .option(
      '--account <name>',
      'who signs in (default: CUSTODY_ACCOUNT, else asked); the password is CUSTODY_PASSWORD or asked',
    )
    .addOption(languageOption())
const collect = (value: string, all: string[]) => [...all, value]

function addOperation(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  program
    .command('migrate')
    .description('bring the database (DATABASE_URL, as its owner) up to this version')
    .addOption(json())
    .action(async (options) => end(await migrateCommand(terminal, options)))

  program
    .command('setup')
    .description("make the ledger's keys, the first accounts, the custodian in office and the device register")
    .option('--account <role:name:account>', 'a first account; may be given often', collect, [])
    .option('--accounts <file>', 'accounts of all staff as CSV: name,role,account[,officer_number,certificate_number]')
    .option('--devices <file>', 'devices as CSV: serial,kind[,model][,holder], holder being an account; all or none')
    .option('--keys-directory <folder>', "where the ledger's secret keys lie or are made (0600, never written over)")
    .option('--passwords-file <file>', 'write first passwords there (0600) instead of printing them once')
    .addOption(originOption())
    .addOption(json())
    .addHelpText(
      'after',
      '\nRuns on DATABASE_URL (owner). Accounts are made only while there are none, all at once; the administrator makes later ones, and a supervisor or an auditor releases them. Run again it changes nothing that is there.',
    )
    .action(async (options) => end(await setupCommand(terminal, options)))
}

function addKeys(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const keys = program.command('keys').description("the ledger's keys (backup and rotation: deploy/RUNBOOK.md)")
  keys
    .command('make')
    .description('make the keys in an empty folder, without a database; keys that are there are kept')
    .requiredOption('--keys-directory <folder>')
    .addOption(originOption())
    .addOption(json())
    .action(async (options) => end(await makeKeysCommand(terminal, options)))
  keys
    .command('show', { isDefault: true })
    .description('print the public keys: of a folder with the secret ones, else of the settings')
    .option('--keys-directory <folder>')
    .option('--verifier-key <keys>', "the ledger's verifier keys (default: LEDGER_VERIFIER_KEY)")
    .option('--vrf-key <hex>', "the ledger's VRF public key (default: LEDGER_VRF_PUBLIC_KEY)")
    .option('--trust-file', 'print the file that a verifier is given: keys, policy, time-stamp authorities')
    .option('--policy <file>', 'whom the file trusts as witnesses (default: LEDGER_POLICY, else none)')
    .option('--timestamp-root <file>', "a time-stamp authority's certificate, PEM; may be given often", collect, [])
    .addOption(originOption())
    .addOption(json())
    .action(async (options) => end(await showKeysCommand(terminal, options)))
}

function addChecks(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const trusting = (command: Command): Command =>
    command
      .option('--verifier-key <keys>', "the ledger's verifier keys, from outside (default: LEDGER_VERIFIER_KEY)")
      .option('--vrf-key <hex>', "the ledger's VRF public key, from outside (default: LEDGER_VRF_PUBLIC_KEY)")

  trusting(reaching(program.command('chain <case>')))
    .description("fetch a case's evidence chain over HTTP and verify it from the ledger's tiles")
    .option('--objects', 'have every copy read and hashed again: takes long')
    .addOption(json())
    .addHelpText('after', exitCodesHelp)
    .action(async (number, options) => end(await chainCommand(terminal, number, options)))

  program
    .command('rebuild-events')
    .description('bring the events of a lost database back from one store, into an empty ledger (deploy/RUNBOOK.md)')
    .requiredOption('--store <name>', 'primary, backup-a or backup-b')
    .requiredOption('--recovery-key <file>', "the bureau's recovery key")
    .option('--vrf-key <file>', "the ledger's secret VRF key (default: LEDGER_VRF_KEY_FILE)")
    .option('--verifier-key <key>', "the ledger's verifier key (default: LEDGER_VERIFIER_KEY)")
    .option('--check', 'prove everything and compare it with the database, and write nothing')
    .addOption(json())
    .addHelpText('after', `\nRuns on DATABASE_URL (owner), while all services are stopped.\n${exitCodesHelp}`)
    .action(async (options) => end(await rebuildEventsCommand(terminal, options)))

  trusting(program.command('fsck'))
    .description('hold rows, events, ledger and the three stores against each other')
    .option('--objects', 'read and hash every stored byte: takes long')
    .option('--no-stores', 'leave the stores out')
    .addOption(json())
    .addHelpText(
      'after',
      `\nRuns on DATABASE_URL (owner) and STORE_… (the auditor's keys); may run beside the services and changes nothing, but\n--objects reads footage: that it does is entered in the ledger.\n${exitCodesHelp}`,
    )
    .action(async (options) => end(await fsckCommand(terminal, options)))

  program
    .command('reconcile')
    .description('show what the stores say was read from them, and which acts explain it')
    .option('--since <time>', 'a day, or ISO 8601 (default: the last 24 hours)')
    .addOption(json())
    .addHelpText('after', `\nRuns on DATABASE_URL.\n${exitCodesHelp}`)
    .action(async (options) => end(await reconcileCommand(terminal, options)))
}

function addProofs(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const keyOption = () =>
    new Option('--verifier-key <keys>', "the ledger's verifier keys, from outside (default: LEDGER_VERIFIER_KEY)")
  reaching(program.command('proof <event>'))
    .description('fetch one event with its proof, and verify it here; witnesses by LEDGER_POLICY where it is given')
    .option('--out <file>', 'write the proof there (c2sp.org/tlog-proof); not written over')
    .addOption(keyOption())
    .addOption(json())
    .addHelpText('after', exitCodesHelp)
    .action(async (event, options) => end(await proofCommand(terminal, event, options)))
  program
    .command('verify <package...>')
    .description('verify evidence packages offline (zip, folder, or encrypted zip), with the keys of a trust file')
    .requiredOption('--trust <file>', 'the trust file, from elsewhere than the package')
    .option('--identity <file>', 'age identities that decrypt a .zip.age')
    .addOption(new Option('--lang <language>', 'language of the report').choices(['zh', 'en']).default('zh'))
    .addOption(json())
    .addHelpText('after', exitCodesHelp)
    .action(async (packages, options) => end(await verifyPackagesCommand(terminal, packages, options)))
  program
    .command('consistency <from> <to>')
    .description("fetch the proof that one published checkpoint's tree begins with another's, and verify it here")
    .option('--access <address>', 'address of the service for people (default: CUSTODY_ACCESS)')
    .addOption(languageOption())
    .addOption(keyOption())
    .addOption(json())
    .addHelpText('after', exitCodesHelp)
    .action(async (from, to, options) => end(await consistencyCommand(terminal, { from, to }, options)))
}

function addCourier(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const courier = program
    .command('courier')
    .description('carry checkpoints to a witness without network, and its signatures back (deploy/RUNBOOK.md)')
  reaching(courier.command('export'))
    .description('write the newest checkpoint to a file for a witness')
    .requiredOption('--witness <name>', "the witness, by its name in the ledger's policy")
    .requiredOption('--out <file>', 'the file to be carried; not written over')
    .addOption(json())
    .action(async (options) => end(await exportCourierCommand(terminal, options)))
  reaching(courier.command('import <file>'))
    .description('send in the signed checkpoint that came back')
    .option('--exported <file>', 'the file that was carried out: when only signature lines came back')
    .addOption(json())
    .action(async (file, options) => end(await importCourierCommand(terminal, file, options)))
}
