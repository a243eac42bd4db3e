// The product's own processes on a local stack, as a bureau runs them: migrate, set up, then ingest, access, sequencer,
// workers and transcode, each its real main file. For the demo, the end-to-end tests and the bench.

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './stack/free-port.ts'
import type { Stack } from './stack.ts'
import { commandOf, type ProcessName, processes, processNames } from './system/commands.ts'
import { inherited } from './system/inherited.ts'
import { type ProcessPlan, type RunningProcess, startProcess } from './system/process.ts'
import { makeLocalAuthority } from './system/timestamp-authority.ts'
import { makeLocalWitness } from './system/witness.ts'

const run = promisify(execFile)
const repository = resolve(import.meta.dirname, '../..')

/** What a bureau has in other houses. */
const outsiderNames = ['witness', 'timestamp-authority'] as const
type OutsiderName = (typeof outsiderNames)[number]

export interface System {
  readonly stack: Stack
  readonly directory: string
  readonly origin: string
  /** As LEDGER_VERIFIER_KEY holds them. */
  readonly verifierKeys: string
  readonly vrfPublicKey: string
  readonly ingest: string
  readonly access: string
  /** Prometheus pages by process. */
  readonly metrics: Readonly<Record<ProcessName, string>>
  readonly processes: Readonly<Record<ProcessName | OutsiderName, RunningProcess>>
  /** Whom the ledger is witnessed by: a file of c2sp.org/tlog-policy. */
  readonly policyFile: string
  /** Public half of the bureau's recovery key. */
  readonly recoveryRecipient: string
  /** Roots of the time-stamp authorities, PEM. */
  readonly timestampRootFiles: readonly string[]
  /** What `custody` needs in its environment to work on this system. */
  readonly cliEnvironment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface SystemOptions {
  readonly stack: Stack
  /** Keys, logs and scratch lie below it. */
  readonly directory: string
  readonly detached?: boolean
  /** Accounts as `role:name:account`, a devices table, and where the first passwords go. */
  readonly setup: { accountsFile: string; devicesFile: string; passwordsFile: string }
  /** Settings beside the standard ones, by variable. */
  readonly settings?: Readonly<Record<string, string>>
  readonly log?: (line: string) => void
}

/** Migrates, sets up and starts everything; resolves when each process says it is ready. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { stack, log = () => undefined } = options
  const directory = resolve(options.directory)
  const folder = (name: string) => {
    const path = join(directory, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  const secrets = folder('secrets')
  const logs = folder('logs')
  const origin = 'custody.demo.local/ledger'
  const cliEnvironment = { ...stack.environmentFor('cli'), LEDGER_ORIGIN: origin, ...options.settings }
  await custody(['migrate'], cliEnvironment)
  log('database migrated')
  const keys = await setUp(options, secrets, cliEnvironment)
  const recoveryRecipient = await makeRecoveryKey(secrets, cliEnvironment)
  log('accounts, devices and ledger keys made')

  const dockPassKey = { DOCK_PASS_KEY: randomBytes(32).toString('hex') }
  const audit = stack.auditEnvironment()
  const ports = await takePorts()
  const witness = await makeLocalWitness({
    directory,
    logPath: join(logs, 'witness.log'),
    verifierKeys: keys.verifierKeys,
    port: ports.witness,
    detached: options.detached ?? false,
  })
  const authority = await makeLocalAuthority({
    directory,
    logPath: join(logs, 'timestamp-authority.log'),
    port: ports['timestamp-authority'],
    detached: options.detached ?? false,
  })
  const address = (name: ProcessName | 'ingestApp' | 'accessApp') => `127.0.0.1:${ports[name]}`
  const environment = (name: ProcessName): Record<string, string> => ({
    ...stack.environmentFor(processes[name].service),
    LOG_LEVEL: 'info',
    METRICS_LISTEN: address(name),
    LEDGER_ORIGIN: origin,
    LEDGER_VERIFIER_KEY: keys.verifierKeys,
    LEDGER_VRF_PUBLIC_KEY: keys.vrfPublicKey,
    LEDGER_POLICY_FILE: witness.policyFile,
    SCRATCH_DIR: folder(`scratch-${name}`),
    ...own(name),
    ...options.settings,
  })
  const own = (name: ProcessName): Record<string, string> => {
    if (name === 'ingest') return { INGEST_LISTEN: address('ingestApp'), ...dockPassKey }
    if (name === 'access')
      return { ACCESS_LISTEN: address('accessApp'), ACCESS_ORIGIN: `http://${address('accessApp')}`, ...dockPassKey }
    if (name === 'workers') return canaryKeys(stack)
    if (name === 'ledger') {
      const asked = { TIMESTAMP_AUTHORITIES_FILE: authority.settingFile }
      return { ARCHIVE_RECOVERY_RECIPIENT: recoveryRecipient, ...asked, ...audit }
    }
    if (name !== 'sequencer') return {}
    return {
      LEDGER_SIGNING_KEY_FILE: join(secrets, 'ledger-signing.key'),
      LEDGER_MLDSA_KEY_FILE: join(secrets, 'ledger-mldsa.key'),
      LEDGER_VRF_KEY_FILE: join(secrets, 'ledger-vrf.key'),
      LEDGER_HEAD_FILE: join(folder('head'), 'head.json'),
    }
  }
  const plan = (name: ProcessName): ProcessPlan => ({
    name,
    command: commandOf(name, audit !== null),
    environment: environment(name),
    statusAddress: `http://${address(name === 'ingest' ? 'ingestApp' : name === 'access' ? 'accessApp' : name)}`,
    logPath: join(logs, `${name}.log`),
    detached: options.detached ?? false,
  })
  const started: [ProcessName | OutsiderName, RunningProcess][] = []
  const stop = async () => {
    await Promise.all(started.toReversed().map(([, process]) => process.stop()))
  }
  try {
    const outcomes = await Promise.allSettled(
      [witness.plan, authority.plan, ...processNames.map(plan)].map(async (one) => {
        const name = one.name as ProcessName | OutsiderName
        started.push([name, await startProcess(one)])
        log(`${name} is ready`)
      }),
    )
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) throw failed.reason
  } catch (error) {
    await stop()
    throw error
  }
  return {
    stack,
    directory,
    origin,
    ...keys,
    ingest: `http://${address('ingestApp')}`,
    access: `http://${address('accessApp')}`,
    metrics: Object.fromEntries(
      processNames.map((name) => [name, `http://${address(name)}/metrics`]),
    ) as System['metrics'],
    processes: Object.fromEntries(started) as System['processes'],
    policyFile: witness.policyFile,
    recoveryRecipient,
    timestampRootFiles: [authority.rootFile],
    cliEnvironment: {
      ...cliEnvironment,
      LEDGER_POLICY_FILE: witness.policyFile,
      LEDGER_VERIFIER_KEY: keys.verifierKeys,
      LEDGER_VRF_PUBLIC_KEY: keys.vrfPublicKey,
    },
    stop,
  }
}

/** Runs `custody` with the given arguments; returns what it printed. @throws with its output when it fails. */
export async function custody(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(process.execPath, ['services/cli/main.ts', ...args], {
    cwd: repository,
    env: { ...inherited(), ...environment },
    maxBuffer: 256 * 1024 * 1024,
  })
  return stdout
}

async function setUp(
  options: SystemOptions,
  secrets: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ verifierKeys: string; vrfPublicKey: string }> {
  const { accountsFile, devicesFile, passwordsFile } = options.setup
  const printed = await custody(
    [
      'setup',
      '--keys-directory',
      secrets,
      '--devices',
      devicesFile,
      '--passwords-file',
      passwordsFile,
      '--json',
      '--accounts',
      accountsFile,
    ],
    environment,
  )
  chmodSync(passwordsFile, 0o600)
  const { verifierKeys, vrfPublicKey } = JSON.parse(printed) as { verifierKeys: string[]; vrfPublicKey: string }
  return { verifierKeys: verifierKeys.join(' '), vrfPublicKey }
}

/** Made for this system alone; a bureau makes its own on a machine apart and keeps it in safes. */
async function makeRecoveryKey(secrets: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return (await custody(['recovery-key', '--out', join(secrets, 'recovery.key')], environment)).trim()
}

/** The canary deletes on purpose (and must fail), so it works with keys of its own. */
function canaryKeys(stack: Stack): Record<string, string> {
  const environment = stack.environmentFor('canary')
  return Object.fromEntries(
    Object.entries(environment)
      .filter(([name]) => /^STORE_.*_(ACCESS|SECRET)_KEY$/.test(name))
      .map(([name, value]) => [`CANARY_${name}`, value]),
  )
}

type PortName = ProcessName | 'ingestApp' | 'accessApp' | OutsiderName

async function takePorts(): Promise<Record<PortName, number>> {
  const ports: Record<string, number> = {}
  for (const name of [...processNames, 'ingestApp', 'accessApp', ...outsiderNames]) {
    let port = await freePort()
    while (Object.values(ports).includes(port)) port = await freePort()
    ports[name] = port
  }
  return ports as Record<PortName, number>
}
