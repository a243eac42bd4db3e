// npm run demo: the product's main job on private services, with generated footage or with files of your own.
//
//   npm run demo                           dock, seal, copy, transcode, watch, check; then everything is taken down
//   npm run demo -- --footage DIR          the same with the files of a folder
//   npm run demo -- --keep                 leaves everything running and writes .demo/state.json
//   npm run demo -- --stop                 takes down what --keep left

import { createPrivateKey, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isFault } from '../../services/foundation/errors.ts'
import { accountsCsv, demoAccounts, demoDevices, devicesCsv } from './demo/bureau.ts'
import type { DockedFile } from './demo/dock-client.ts'
import { makeEvidence, printEvidence } from './demo/evidence.ts'
import { filesOfFolder } from './demo/footage-folder.ts'
import { isKept, keepProcesses, stopKept, writeDemoState, writeShellEnvironment } from './demo/kept.ts'
import { printOutcome } from './demo/outcome.ts'
import { type Advance, step } from './demo/progress.ts'
import { type DockReceipts, waitForReceipts } from './demo/receipts.ts'
import { untilCleared, untilHandedIn } from './demo/shift-end.ts'
import { demoState } from './demo/state.ts'
import { type EnrolledStation, enrolStation, startDemoStation } from './demo/station.ts'
import { dockEverything, type HandedIn, openCase, signEverybodyIn, waitUntilSecured, watchSome } from './demo/story.ts'
import { makeDemoWall, mayMount } from './demo/wall.ts'
import { generateFootage } from './footage.ts'
import { startStack } from './stack.ts'
import type { RunningProcess } from './system/process.ts'
import { custody, type System, startSystem } from './system.ts'

const directory = resolve(import.meta.dirname, '../../.demo')
/** Stays when everything else is taken down: what a court would be given. */
const evidenceDirectory = resolve(import.meta.dirname, '../../.demo-evidence')

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { footage: { type: 'string' }, keep: { type: 'boolean' }, stop: { type: 'boolean' } },
  })
  if (values.stop) {
    await stopKept(directory)
    process.stdout.write('The demo is taken down.\n')
    return
  }
  if (isKept(directory)) {
    process.stdout.write(
      'A demo is running already: look at .demo/state.json, or take it down with npm run demo -- --stop\n',
    )
    process.exitCode = 1
    return
  }
  await runDemo({ footage: values.footage ?? null, keep: values.keep ?? false })
}

async function runDemo(options: { footage: string | null; keep: boolean }): Promise<void> {
  const own = options.footage ? await filesOfFolder(resolve(options.footage), 'ZJ00001') : null
  for (const path of own?.skipped ?? []) process.stdout.write(`passed over, because it is not a plain file: ${path}\n`)
  await stopKept(directory)
  mkdirSync(directory, { recursive: true, mode: 0o711 })
  const stack = await step('PostgreSQL, Redis and three MinIO stores', 1, () =>
    startStack({ directory: join(directory, 'stack'), detached: options.keep }),
  )
  const takeDown: (() => Promise<void>)[] = [() => stopKept(directory)]
  try {
    const accountsFile = join(directory, 'accounts.csv')
    const devicesFile = join(directory, 'devices.csv')
    const passwordsFile = join(directory, 'first-passwords.json')
    writeFileSync(accountsFile, accountsCsv(demoAccounts))
    writeFileSync(devicesFile, devicesCsv(demoDevices()))
    const system = await step('every process of the product, a witness and a time-stamp authority', 1, () =>
      startSystem({
        stack,
        directory: join(directory, 'system'),
        detached: options.keep,
        setup: {
          accountsFile,
          devicesFile,
          passwordsFile,
        },
      }),
    )
    if (options.keep) keepProcesses(directory, system)
    else takeDown.unshift(() => system.stop())
    const first = JSON.parse(readFileSync(passwordsFile, 'utf8')) as { account: string; password: string }[]
    const people = await step('seven people sign in and change their first password', first.length, () =>
      signEverybodyIn(system.access, first, () => randomBytes(12).toString('base64url')),
    )
    const person = (role: string) => {
      const { account } = demoAccounts.find((candidate) => candidate.role === role)!
      return people.get(account)!
    }
    const offices = { administrator: person('administrator').session, supervisor: person('supervisor').session }
    const station = await step('a docking station enrols itself, and a second person releases it', 1, () =>
      enrolStation(system, offices, join(directory, 'station')),
    )
    const files = await withSizes(own?.files ?? (await generated()))
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    const all = files.map(({ file }) => file)
    const docking = own ? dockOwnFiles(system, station, all) : await dockAtStation(system, station, all, options.keep)
    if (docking.process) {
      const { process } = docking
      takeDown.unshift(() => process.stop())
      if (options.keep) keepProcesses(directory, system, [process])
    }
    const handed = await step(`docking ${files.length} files, ${(bytes / 1e6).toFixed(0)} MB`, bytes, docking.handIn)
    const custodian = person('custodian').session
    const ids = [...new Set(handed.map(({ result }) => result.recordingId).filter((id) => id !== null))]
    await step('three copies re-read and proven equal, renditions made', ids.length, (advance) =>
      waitUntilSecured(custodian, ids, advance),
    )
    const opened = await step('a household file and a case', 1, () =>
      openCase(person('officer').session, custodian, ids),
    )
    const recordings = await waitUntilSecured(custodian, ids, () => undefined)
    const watched = await watchSome(custodian, recordings, 3)
    const auditor = person('auditor')
    const report = await step("the auditor pulls the case's chain and checks it against tiles and checkpoint", 1, () =>
      custody(['chain', opened.number, '--json', '--access', system.access, '--account', 'chenjing'], {
        CUSTODY_PASSWORD: auditor.password,
        LEDGER_ORIGIN: system.origin,
        LEDGER_VERIFIER_KEY: system.verifierKeys,
        LEDGER_VRF_PUBLIC_KEY: system.vrfPublicKey,
      }),
    )
    const staff = { custodian, supervisor: person('supervisor').session, auditor: auditor.session }
    const docked = { recordings, receipts: () => docking.receipts(handed) }
    const evidence = await makeEvidence(system, staff, opened.id, docked, evidenceDirectory)
    await step('custody fsck compares rows, events, tree and stores with each other', 1, () =>
      custody(['fsck'], system.cliEnvironment),
    )
    printOutcome({ system, handed, recordings, watched, report: JSON.parse(report), caseNumber: opened.number })
    printEvidence(evidence)
    if (options.keep) {
      const accounts = demoAccounts.map(({ role, name, account }) => ({
        role,
        name: account,
        displayName: name,
        password: people.get(account)!.password,
      }))
      const path = writeDemoState(directory, demoState(system, { ...station, screen: docking.screen }, accounts))
      writeShellEnvironment(directory, {
        ...system.cliEnvironment,
        CUSTODY_ACCESS: system.access,
        CUSTODY_ACCOUNT: 'chenjing',
        CUSTODY_PASSWORD: auditor.password,
      })
      const lines = [
        '',
        `watch page     ${system.access}/watch   (custodian: wangfang, password in state.json)`,
        ...(docking.screen ? [`dock's screen  ${docking.screen}/`] : []),
        `for people     ${system.access}/docs`,
        `for docks      ${system.ingest}/docs`,
        `metrics        ${system.metrics.access}`,
        `accounts, keys ${path}`,
        "`custody`      . .demo/env.sh && node services/cli/custody.mjs chain '综执检〔2026〕0231号'",
        'take it down   npm run demo -- --stop',
      ]
      process.stdout.write(`${lines.join('\n')}\n`)
      takeDown.length = 0
    } else {
      process.stdout.write('\nThe services are taken down now. To look around in the browser: npm run demo -- --keep\n')
    }
  } finally {
    for (const run of takeDown) await run()
  }
}

/** How footage goes in, and how its receipts are waited for. */
interface Docking {
  readonly screen: string | null
  readonly process: RunningProcess | null
  readonly handIn: (advance: Advance) => Promise<HandedIn[]>
  readonly receipts: (handed: readonly HandedIn[]) => Promise<DockReceipts>
}

/** Files of any name from anywhere: handed in by a small client of its own, for no device would hold them so. */
function dockOwnFiles(system: System, station: EnrolledStation, files: readonly DockedFile[]): Docking {
  const dock = { id: station.id, token: station.token, signingKey: createPrivateKey(station.privateKeyPem) }
  return {
    screen: null,
    process: null,
    handIn: (advance) => dockEverything(system, dock, files, advance),
    receipts: (handed) => waitForReceipts(system, { handed, dock }),
  }
}

/** A shift end: the devices are put into the slots of a station, whose agent does the rest. */
async function dockAtStation(
  system: System,
  station: EnrolledStation,
  files: readonly DockedFile[],
  keep: boolean,
): Promise<Docking> {
  const wall = await makeDemoWall(join(directory, 'wall'))
  const { screen, process } = await startDemoStation(system, station, wall, keep)
  const at = { system, station, screen }
  return {
    screen,
    process,
    async handIn(advance) {
      await wall.plugIn(files)
      return untilHandedIn(at, files, advance)
    },
    receipts: () =>
      step('receipts: witnessed; the station checks each, and clears what it may', files.length, (advance) =>
        untilCleared(at, { files: files.length, clears: mayMount }, advance),
      ),
  }
}

async function generated(): Promise<DockedFile[]> {
  return step('making footage of recorders, cameras, a pen and a drone', 100, async (advance) => {
    const made = await generateFootage(join(directory, 'footage'), { onProgress: (done) => advance(done * 100) })
    return made.map((file): DockedFile => ({ ...file, serial: file.deviceSerial }))
  })
}

function withSizes(files: readonly DockedFile[]): Promise<{ file: DockedFile; bytes: number }[]> {
  return Promise.all(files.map(async (file) => ({ file, bytes: (await stat(file.path)).size })))
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${isFault(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
