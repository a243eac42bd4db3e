// What the dock does before it clears a device: wait for each receipt, and hold it against a fresh hash of the file.

import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { type ReceiptClaim, verifyReceipt } from '../../../services/ledger/verify/receipt.ts'
import type { System } from '../system.ts'
import type { DockedFile } from './dock-client.ts'
import { type Advance, step } from './progress.ts'
import type { HandedIn } from './story.ts'

/** Events reach the stores within a minute, and no receipt is given before. */
const receiptMsMax = 600_000
/** These stay without one: the device keeps its file until people have resolved it. */
const lasting = ['quarantined', 'damaged', 'came_to_nothing']

/** How many files the dock may clear, and why not the others. */
export interface DockReceipts {
  readonly mayClear: number
  readonly of: number
  readonly kept: readonly { readonly name: string; readonly why: string }[]
}

interface ReceiptAnswer {
  readonly state: 'not_yet' | 'provisional' | 'witnessed'
  readonly reason: string | null
  readonly message: string | null
  readonly receipt: Parameters<typeof verifyReceipt>[0] | null
}

/** Waits until each docked file has its witnessed receipt or a lasting reason why not; checks each against the file. */
export async function waitForReceipts(
  system: System,
  { handed, dock }: { handed: readonly HandedIn[]; dock: { token: string } },
): Promise<DockReceipts> {
  return step('receipts: events on both backups, witnessed; the dock checks each', handed.length, async (advance) => {
    const answers = await untilSettled(system, handed, dock.token, advance)
    const trust = {
      log: parseLogKeys(system.verifierKeys),
      policy: parsePolicy(readFileSync(system.policyFile, 'utf8')),
    }
    const kept: { name: string; why: string }[] = []
    for (const [at, { file }] of handed.entries()) {
      const why = await whyKept(answers[at]!, file, trust)
      if (why !== null) kept.push({ name: file.rawName.toString('utf8'), why })
    }
    return { mayClear: handed.length - kept.length, of: handed.length, kept }
  })
}

async function whyKept(
  { receipt, message }: ReceiptAnswer,
  file: DockedFile,
  trust: Pick<ReceiptClaim, 'log' | 'policy'>,
): Promise<string | null> {
  if (!receipt) return message ?? 'there is no receipt'
  const claim = {
    ...trust,
    fileSha256: await sha256Of(file.path),
    bytes: statSync(file.path).size,
    deviceSerial: file.serial,
  }
  const verdict = verifyReceipt(receipt, claim)
  return verdict.mayClear ? null : verdict.why
}

async function untilSettled(
  system: System,
  handed: readonly HandedIn[],
  token: string,
  advance: Advance,
): Promise<ReceiptAnswer[]> {
  const deadline = Date.now() + receiptMsMax
  for (;;) {
    const answers = await Promise.all(handed.map(({ uploadId }) => receiptOf(system.ingest, token, uploadId)))
    const settled = answers.filter(({ state, reason }) => state === 'witnessed' || lasting.includes(reason ?? ''))
    advance(settled.length)
    if (settled.length === answers.length || Date.now() > deadline) return answers
    await delay(500)
  }
}

async function receiptOf(ingest: string, token: string, uploadId: string): Promise<ReceiptAnswer> {
  const response = await fetch(`${ingest}/uploads/${uploadId}/receipt`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await response.json()) as ReceiptAnswer
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
