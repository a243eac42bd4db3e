// The end of the demo's story: receipts for the dock, an evidence package for the court, and its check by an outsider.

import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../../services/foundation/errors.ts'
import { localWitnessName } from '../system/witness.ts'
import { custody, type System } from '../system.ts'
import type { ApiSession } from './api.ts'
import { type Advance, step } from './progress.ts'
import type { DockReceipts } from './receipts.ts'
import type { RecordingView } from './story.ts'

const packageMsMax = 600_000
const repository = resolve(import.meta.dirname, '../../..')

export interface Evidence {
  readonly packagePath: string
  readonly trustPath: string
  readonly receipts: DockReceipts
  /** What the verifier printed. */
  readonly verdict: string
}

/**
 * Waits for the receipts, has a package with footage made (asked for by the custodian, signed by the supervisor), fetches it
 * into `folder` beside the trust file and lets the offline verifier judge it.
 */
export async function makeEvidence(
  system: System,
  people: { custodian: ApiSession; supervisor: ApiSession; auditor: ApiSession },
  caseId: string,
  docked: { recordings: readonly RecordingView[]; receipts: () => Promise<DockReceipts> },
  folder: string,
): Promise<Evidence> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const receipts = await docked.receipts()
  const packagePath = join(folder, 'package.zip')
  await step('how the witness stands to the bureau: proposed by the supervisor, accepted by the auditor', 1, () =>
    stateWitness(people),
  )
  await step('an evidence package: asked for, signed by the supervisor, built', 100, (advance) =>
    fetchPackage(people, { caseId, recordings: docked.recordings.map(askedOf) }, packagePath, advance),
  )
  const trustPath = join(folder, 'trust.json')
  const roots = system.timestampRootFiles.flatMap((file) => ['--timestamp-root', file])
  writeFileSync(trustPath, await custody(['keys', '--trust-file', ...roots], system.cliEnvironment), { mode: 0o600 })
  const verdict = await step('the offline verifier checks the package with the keys of the trust file alone', 1, () =>
    verify(packagePath, trustPath),
  )
  return { packagePath, trustPath, receipts, verdict }
}

/** Says where the package lies and how anybody checks it. */
export function printEvidence({ packagePath, trustPath, receipts, verdict }: Evidence): void {
  const lines = [
    '',
    `Receipts: the dock may clear ${receipts.mayClear} of ${receipts.of} files${receipts.kept.length > 0 ? '; these stay on their devices:' : '.'}`,
    ...receipts.kept.map(({ name, why }) => `  ${name}: ${why}`),
    '',
    'The offline verifier on the evidence package:',
    ...verdict
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    'Check it yourself, with nothing running:',
    `  npx ./services/verifier ${relative(process.cwd(), packagePath)} --trust ${relative(process.cwd(), trustPath)}`,
    '  or open services/verifier/dist/verify.html in a browser and drop both files on it',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

interface PackageView {
  readonly state: string
  readonly bytesDone: number
  readonly bytesTotal: number | null
  readonly failure: string | null
}

/** The demo's witness is the legal office of the same town. */
async function stateWitness({ supervisor, auditor }: { supervisor: ApiSession; auditor: ApiSession }): Promise<void> {
  const proposals = '/settings/witness.relation/proposals'
  const { id } = await supervisor.request<{ id: string }>('POST', proposals, {
    value: [{ witness: localWitnessName, relation: 'same_town' }],
    source: '外部见证单位的设置说明',
  })
  await auditor.request('POST', `${proposals}/${id}/decision`, { accept: true })
}

const proves: Readonly<Record<string, string>> = {
  video: '证明执法人员检查便民超市占道经营的现场经过',
  audio: '证明当事人陈述占道经营的起止时间',
  still: '证明便民超市门前货物占用人行道的状况',
}

/** 证明对象 of a recording, the part of it that matters, and what there is in writing of its sound. */
function askedOf({ id, mediaKind, rendition }: RecordingView) {
  const durationMs = Number(rendition?.durationMs ?? 0)
  return {
    recordingId: id,
    proves: proves[String(mediaKind)] ?? '证明便民超市占道经营检查的有关情况',
    ...(durationMs > 0 && { fromMs: 0, toMs: Math.min(durationMs, 10_000) }),
    transcript: mediaKind === 'audio' ? 'separate' : 'no_speech',
  }
}

async function fetchPackage(
  { custodian, supervisor }: { custodian: ApiSession; supervisor: ApiSession },
  asked: { caseId: string; recordings: readonly object[] },
  path: string,
  advance: Advance,
): Promise<void> {
  const { id } = await custodian.request<{ id: string }>('POST', `/cases/${asked.caseId}/packages`, {
    withFootage: true,
    purpose: '证明便民超市占道经营的检查过程合法、完整',
    recipient: { name: '周敏', organisation: '县人民法院行政审判庭' },
    recordings: asked.recordings,
  })
  await supervisor.request('POST', `/packages/${id}/decision`, { approve: true, reason: '同意向法院提供' })
  const deadline = Date.now() + packageMsMax
  for (;;) {
    const { state, bytesDone, bytesTotal, failure } = await custodian.request<PackageView>('GET', `/packages/${id}`)
    if (bytesTotal) advance((bytesDone / bytesTotal) * 100)
    if (state === 'ready') break
    if (state === 'failed' || Date.now() > deadline) {
      throw new Fault('not_ready', `the evidence package is ${state}: ${failure ?? 'not built in time'}`)
    }
    await delay(300)
  }
  const { body } = await custodian.fetch(`/packages/${id}/file`)
  if (!body) throw new Fault('internal', 'the package came without a body')
  await pipeline(Readable.fromWeb(body as never), createWriteStream(path, { mode: 0o600 }))
}

/** Runs the verifier as an outsider does: one file, on plain Node, nothing of the services. @throws with what it found */
async function verify(packagePath: string, trustPath: string): Promise<string> {
  const program = join(repository, 'services/verifier/dist/verify.mjs')
  const child = spawn(process.execPath, [program, packagePath, '--trust', trustPath, '--lang', 'en'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const code = await new Promise<number | null>((done, failed) => {
    child.on('error', failed)
    child.on('close', done)
  })
  if (code !== 0) throw new Fault('unproven', `the verifier does not accept the package:\n${printed}${said}`)
  return printed
}
