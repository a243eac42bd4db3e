import { createHash, type KeyObject, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { signedDigest } from '../docking/digest-statement.ts'
import { signList } from '../docking/docked-files.ts'
import { Away, type Ingest, Refused } from '../ingest/client.ts'
import { sendByTus } from '../ingest/tus.ts'
import { checkAnswer, type ReceiptAnswer, type ReceiptTrust } from '../receipts/check.ts'

export interface SelfTest {
  readonly ingest: Ingest
  readonly signingKey: KeyObject
  readonly trust: ReceiptTrust
  /** How long the receipt is waited for. */
  readonly waitMs: number
  readonly now: () => number
  /** Told in words after each step. */
  readonly say: (line: string) => void
}

/** What the receipt is worth; `none`: it did not come, or does not hold. */
export type SelfTestResult = 'witnessed' | 'provisional' | 'none'

/** The bytes did not go within the time that was given. */
export class TooSlow extends Error {}

const askMs = 2000
const patienceMs = 30_000

/**
 * Takes a small file of its own the way of every recording: a signed list, the bytes, their signed digest, three copies, and a
 * receipt that is verified here. The list says that it is a test, and the bureau never takes it for footage.
 *
 * @throws Away, Refused, TooSlow: the step that failed is the one after what was said last
 */
export async function testStation(test: SelfTest): Promise<SelfTestResult> {
  const { ingest, signingKey, say, now } = test
  const station = await ownStation(ingest)
  say(`1 局里认得本站：${station.name}`)
  const begunMs = now()
  const bytes = Buffer.from(
    `采集站自检，不是执法资料。${station.name} ${new Date(begunMs).toISOString()} ${randomBytes(8).toString('hex')}\n`,
  )
  const name = Buffer.from(`自检-${new Date(begunMs).toISOString().replaceAll(/[:.]/g, '')}.txt`)
  const serial = `自检-${station.id}`
  const seen = {
    path: name,
    name,
    bytes: bytes.length,
    modifiedMs: begunMs,
    deviceTime: null,
    runningNumber: null,
    mark: false,
  }
  const head = {
    ...{ serial, openedAt: new Date(begunMs).toISOString(), clockOffsetMs: null, user: null },
    origin: { kind: 'self_test', from: station.name },
  }
  const { filesRoot, list } = signList(head, [{ seen, known: null }], signingKey)
  const { id } = await asked<{ id: string }>(ingest, { method: 'POST', path: '/hand-ins', json: JSON.parse(list) })
  say('2 交存单已签名，局里已收下')
  const text = (value: string) => Buffer.from(value, 'utf8')
  const metadata = {
    serial: text(serial),
    filename: name,
    mark: text('false'),
    handIn: text(id),
    handInNumber: text('0'),
  }
  const signal = AbortSignal.timeout(test.waitMs)
  const uploadId = await sendByTus(
    ingest,
    { id: null, bytes: bytes.length, metadata },
    async function* (from) {
      yield bytes.subarray(from)
    },
    { patienceMs, signal, onOffset: () => undefined, onBegun: async () => undefined },
  ).catch((error: unknown) => {
    throw signal.aborted ? new TooSlow('the upload did not end in time', { cause: error }) : error
  })
  const digest = (name: string) => createHash(name).update(bytes).digest('hex')
  const json = signedDigest({ filesRoot, number: 0, sha256: digest('sha256'), sm3: digest('sm3') }, signingKey)
  await ingest.ask({ method: 'PUT', path: `/uploads/${uploadId}/digest`, json })
  say(`3 ${bytes.length} 字节已上传，校验值已签名`)
  return await waitForReceipt(test, { id, serial, sha256: digest('sha256'), bytes: bytes.length })
}

async function ownStation(ingest: Ingest): Promise<{ id: string; name: string }> {
  const { station } = await asked<{ station: { id: string; name: string } }>(ingest, {
    method: 'GET',
    path: '/docks/me/register',
  })
  return station
}

async function asked<T>(ingest: Ingest, question: Parameters<Ingest['ask']>[0]): Promise<T> {
  return JSON.parse((await ingest.ask(question)).text) as T
}

async function waitForReceipt(
  { ingest, trust, waitMs, say }: SelfTest,
  file: { id: string; serial: string; sha256: string; bytes: number },
): Promise<SelfTestResult> {
  const untilMs = performance.now() + waitMs
  for (let last = ''; ; ) {
    const path = `/hand-ins/${file.id}/receipts`
    const { files } = await asked<{ files: ReceiptAnswer[] }>(ingest, { method: 'GET', path })
    const facts = checkAnswer(files[0]!, { sha256: file.sha256, bytes: file.bytes, readMs: 0 }, file.serial, trust)
    if (facts.receipt === 'wrong') {
      say(`4 回执核验不通过（${facts.receiptReason}）：核对 log-keys.txt 和 policy.txt 是否与纸面一致`)
      return 'none'
    }
    const stands = facts.receipt === 'none' ? `尚无回执（${facts.receiptReason}）` : '临时回执核验通过，尚待外部见证'
    if (facts.receipt === 'witnessed') {
      say(`4 回执核验通过，已外部见证：流转日志第 ${facts.receiptIndex} 号`)
      return 'witnessed'
    }
    if (stands !== last) say(`4 ${stands}`)
    last = stands
    if (performance.now() >= untilMs) return facts.receipt === 'provisional' ? 'provisional' : 'none'
    await delay(Math.min(askMs, waitMs))
  }
}

/** What keeps the line from working, in words. */
export function whyNot(error: unknown): string | null {
  if (error instanceof TooSlow) return '在给定的时间内没有传完'
  if (error instanceof Away) return `连不上局里的服务器：${error.message}`
  return error instanceof Refused ? `局里的服务器不接受：${error.message}` : null
}
