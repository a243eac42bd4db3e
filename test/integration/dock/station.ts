import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { type Agent, type AgentOptions, startAgent } from '../../../services/dock/agent.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { generateSignerKey } from '../../../services/ledger/format/note.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { makeSource, type TestSource } from './test-volume.ts'

interface Test {
  teardown(end: () => unknown): unknown
}

export interface TestStation {
  readonly folder: string
  readonly identity: string
  readonly recoveryIdentity: string
  readonly source: TestSource
  agent: Agent
  /** Ends the agent where it stands and starts another one on the same spool, with the same devices in its slots. */
  restart(change?: Partial<AgentOptions>): Promise<void>
}

export interface StationOptions extends Partial<Omit<AgentOptions, 'token'>> {
  readonly origin: string
  readonly token: string
  readonly signingKey: KeyObject
  readonly spoolBytesMax?: number
  /** Of the spool; made, and removed with the test, unless it is given. */
  readonly folder?: string
  readonly patienceMs?: number
}

/** Keys of a log and of a witness that no receipt is of. */
export function strangersTrust() {
  const signer = generateSignerKey('log.test', signatureTypes.ed25519)
  const witness = generateSignerKey('witness.test/9', signatureTypes.cosignatureEd25519)
  return {
    log: parseLogKeys(signer.verifierKey),
    policy: parsePolicy(`witness one ${witness.verifierKey}\nquorum one\n`),
  }
}

/** A docking station in this process, on a spool of its own. */
export async function openStation(t: Test, options: StationOptions): Promise<TestStation> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'dock-'))
  const identity = await generateX25519Identity()
  const recoveryIdentity = await generateX25519Identity()
  const recoveryRecipient = await identityToRecipient(recoveryIdentity)
  const { origin, token, signingKey, spoolBytesMax, patienceMs, folder: given, ...rest } = options
  const agentOptions = (source: TestSource): AgentOptions => ({
    station: {
      name: '采集站一',
      slots: 6,
      version: '0',
      sounds: false,
      quietFrom: null,
      quietTo: null,
      hasPrinter: false,
    },
    server: { origin, caFile: null, patienceMs: patienceMs ?? 2000 },
    token: () => token,
    signingKey,
    trust: strangersTrust(),
    spool: { folder, bytesMax: spoolBytesMax ?? 1024 ** 3, identity, recoveryRecipient },
    uploads: { max: 4, bytesPerSecond: null },
    sources: [source],
    slips: {
      bureau: '综合执法局',
      form: 'roll',
      checkAddress: 'https://custody.example',
      print: async () => undefined,
    },
    log: openLog({ service: 'dock', level: process.env.CUSTODY_TEST_LOG === '1' ? 'debug' : 'silent' }),
    ...rest,
  })
  const source = makeSource()
  const station: TestStation = {
    folder,
    identity,
    recoveryIdentity,
    source,
    agent: await startAgent(agentOptions(source)),
    async restart(change = {}) {
      await station.agent.stop()
      station.agent = await startAgent({ ...agentOptions(source), ...change })
    },
  }
  t.teardown(async () => {
    await station.agent.stop()
    if (given === undefined) rmSync(folder, { recursive: true })
  })
  return station
}

export function testKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey
}
