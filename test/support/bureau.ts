import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ApiSession, signIn } from '../../deploy/local/demo/api.ts'
import { accountsCsv, demoAccounts, demoDevices, devicesCsv } from '../../deploy/local/demo/bureau.ts'
import { type DockedFile, type DockIdentity, handIn, uploadState } from '../../deploy/local/demo/dock-client.ts'
import { registerDock } from '../../deploy/local/demo/story.ts'
import { type Stack, startStack, stopStack } from '../../deploy/local/stack.ts'
import { custody, type System, startSystem } from '../../deploy/local/system.ts'
import { until } from './world.ts'

/** The whole product as processes on servers of its own, with people signed in and a dock: seen only from outside. */
export interface RunningBureau {
  readonly stack: Stack
  readonly system: System
  readonly dock: DockIdentity
  readonly people: Readonly<Record<string, ApiSession & { password: string }>>
  /** A file of random bytes (or the given ones) on the device `serial`. */
  file(serial: string, bytes: Buffer | number, name?: string): DockedFile
  /** Hands files of one device in; resolves to their upload ids. */
  dockFiles(files: readonly DockedFile[]): Promise<string[]>
  /** Waits until the upload's recording has three verified copies. */
  secured(uploadId: string, timeoutMs?: number): Promise<string>
  /** Runs `custody fsck --objects`; resolves to its findings of severity error. */
  fsck(): Promise<unknown[]>
}

/** Starts it. Everything ends with the test; when it fails, the processes' logs stay in .stack/ for a look. */
export async function startBureau(
  t: { teardown(end: () => unknown): unknown; passing(): boolean },
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningBureau> {
  const root = resolve(import.meta.dirname, '../../.stack')
  mkdirSync(root, { recursive: true, mode: 0o711 })
  const directory = mkdtempSync(join(root, 'bureau-'))
  t.teardown(() => {
    if (t.passing()) rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  })
  const stack = await startStack({ directory: `${directory}.stack` })
  t.teardown(() => stopStack(stack, { remove: true }))
  const passwordsFile = join(directory, 'first-passwords.json')
  const devicesFile = join(directory, 'devices.csv')
  writeFileSync(devicesFile, devicesCsv(demoDevices()))
  const accountsFile = join(directory, 'accounts.csv')
  writeFileSync(accountsFile, accountsCsv(demoAccounts))
  const setup = { accountsFile, devicesFile, passwordsFile }
  const system = await startSystem({ stack, directory: join(directory, 'system'), setup, settings })
  t.teardown(() => system.stop())

  const people = await signInAll(system, passwordsFile)
  const dock = await registerDock(people.administrator!, people.supervisor!)
  const files = join(directory, 'files')
  mkdirSync(files)
  return {
    stack,
    system,
    dock,
    people,
    file(serial, bytes, name = `${serial}_${randomBytes(4).toString('hex')}.bin`) {
      const path = join(files, randomBytes(8).toString('hex'))
      writeFileSync(path, typeof bytes === 'number' ? randomBytes(bytes) : bytes)
      return { path, rawName: Buffer.from(name), serial, mark: false, deviceTime: new Date() }
    },
    dockFiles: (docked) => handIn(system.ingest, dock, docked[0]!.serial, docked, () => undefined),
    secured: (uploadId, timeoutMs = 120_000) =>
      until(
        async () => {
          const { recordingId } = await uploadState(system.ingest, dock, uploadId)
          if (!recordingId) return null
          const view = await people.custodian!.request<{ state: string }>('GET', `/recordings/${recordingId}`)
          return view.state === 'secured' ? recordingId : null
        },
        { timeoutMs },
      ),
    async fsck() {
      const printed = await custody(['fsck', '--objects', '--json'], system.cliEnvironment).catch(
        (error: { code?: number; stdout?: string }) => {
          if (error.code !== 1 || !error.stdout) throw error // 1: it found something, and says what
          return error.stdout
        },
      )
      return (JSON.parse(printed) as { findings: { severity: string }[] }).findings.filter(
        ({ severity }) => severity === 'error',
      )
    },
  }
}

async function signInAll(system: System, passwordsFile: string): Promise<RunningBureau['people']> {
  const first = JSON.parse(readFileSync(passwordsFile, 'utf8')) as { account: string; password: string }[]
  const people: Record<string, ApiSession & { password: string }> = {}
  for (const { account, password } of first) {
    const { role } = demoAccounts.find((candidate) => candidate.account === account)!
    const changed = randomBytes(12).toString('base64url')
    const session = await signIn(system.access, account, password, changed)
    people[role] ??= { ...session, password: changed }
  }
  return people
}
