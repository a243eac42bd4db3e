// npm run demo: the product's main job on private services, with generated footage or with files of your own.
//
//   npm run demo                           a shift end of 57 devices: dock, seal, copy, watch, check; then everything is taken down
//   npm run demo -- --footage DIR          the same with the files of a folder
//   npm run demo -- --keep                 leaves everything running and writes .demo/state.json
//   npm run demo -- --stop                 takes down what --keep left

import { mkdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isFault } from '../../services/foundation/errors.ts'
import { demoAccounts } from './demo/bureau.ts'
import type { DockedFile } from './demo/dock-client.ts'
import { type Docking, dockAtStation, dockOwnFiles } from './demo/docking.ts'
import { makeEvidence, printEvidence } from './demo/evidence.ts'
import { filesOfFolder } from './demo/footage-folder.ts'
import { isKept, keepProcesses, stopKept, writeDemoState, writeShellEnvironment } from './demo/kept.ts'
import { printOutcome } from './demo/outcome.ts'
import { step } from './demo/progress.ts'
import { type DemoBureau, setUpBureau } from './demo/set-up.ts'
import { makeShift } from './demo/shift.ts'
import { demoState } from './demo/state.ts'
import { openCase, waitUntilSecured, watchSome } from './demo/story.ts'
import { custody } from './system.ts'

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
  const takeDown: (() => Promise<void>)[] = [() => stopKept(directory)]
  try {
    const bureau = await setUpBureau(directory, options.keep, takeDown)
    const { system, station } = bureau
    const docking = own
      ? { ...dockOwnFiles(system, station, own.files), files: own.files }
      : await dockShift(bureau, options.keep)
    if (docking.process) {
      const { process } = docking
      takeDown.unshift(() => process.stop())
      if (options.keep) keepProcesses(directory, system, [process])
    }
    await playStory(bureau, docking)
    if (options.keep) {
      tellWhereToLook(bureau, docking.screen)
      takeDown.length = 0
    } else {
      process.stdout.write('\nThe services are taken down now. To look around in the browser: npm run demo -- --keep\n')
    }
  } finally {
    for (const run of takeDown) await run()
  }
}

/** All devices of the bureau, some of them with the footage that the story goes on with. */
async function dockShift(bureau: DemoBureau, keep: boolean): Promise<Docking & { files: readonly DockedFile[] }> {
  const folder = join(directory, 'footage')
  const { devices, files } = await step('making the footage of 57 devices', 100, (advance) =>
    makeShift(folder, advance),
  )
  const docking = await dockAtStation(bureau, { devices, files }, { wallFolder: join(directory, 'wall'), keep })
  return { ...docking, files: devices.flatMap((device) => device.files) }
}

async function playStory(
  { system, person }: DemoBureau,
  docking: Docking & { files: readonly DockedFile[] },
): Promise<void> {
  const bytes = (await Promise.all(docking.files.map(({ path }) => stat(path)))).reduce(
    (sum, { size }) => sum + size,
    0,
  )
  const title = `docking ${docking.files.length} files, ${(bytes / 1e6).toFixed(0)} MB`
  const handed = await step(title, bytes, docking.handIn)
  const custodian = person('custodian').session
  const ids = [...new Set(handed.map(({ result }) => result.recordingId).filter((id) => id !== null))]
  await step('three copies re-read and proven equal, renditions made', ids.length, (advance) =>
    waitUntilSecured(custodian, ids, advance),
  )
  const opened = await step('a household file and a case', 1, () => openCase(person('officer').session, custodian, ids))
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
  const afterwards = await docking.afterwards(custodian)
  await step('custody fsck compares rows, events, tree and stores with each other', 1, () =>
    custody(['fsck'], system.cliEnvironment),
  )
  printOutcome({ system, handed, recordings, watched, report: JSON.parse(report), caseNumber: opened.number })
  for (const line of ['', ...afterwards]) process.stdout.write(`${line}\n`)
  printEvidence(evidence)
}

function tellWhereToLook({ system, station, person, passwordOf }: DemoBureau, screen: string | null): void {
  const accounts = demoAccounts.map(({ role, name, account }) => ({
    ...{ role, name: account, displayName: name },
    password: passwordOf(account),
  }))
  const path = writeDemoState(directory, demoState(system, { ...station, screen }, accounts))
  writeShellEnvironment(directory, {
    ...system.cliEnvironment,
    CUSTODY_ACCESS: system.access,
    CUSTODY_ACCOUNT: 'chenjing',
    CUSTODY_PASSWORD: person('auditor').password,
  })
  const lines = [
    '',
    `watch page     ${system.access}/watch   (custodian: wangfang, password in state.json)`,
    ...(screen ? [`dock's screen  ${screen}/`] : []),
    `for people     ${system.access}/docs`,
    `for docks      ${system.ingest}/docs`,
    `metrics        ${system.metrics.access}`,
    `accounts, keys ${path}`,
    "`custody`      . .demo/env.sh && node services/cli/custody.mjs chain '综执检〔2026〕0231号'",
    'take it down   npm run demo -- --stop',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${isFault(error) ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
