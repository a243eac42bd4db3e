// A docking station in a process of its own, which ends itself with SIGKILL at the step that it is told: as by a power cut.

import { createPrivateKey } from 'node:crypto'
import { startAgent } from '../../../services/dock/agent.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { parsePolicy } from '../../../services/ledger/format/policy.ts'
import { folderSource } from './folder-volume.ts'

export interface ProcessOptions {
  readonly origin: string
  readonly token: string
  readonly key: string
  readonly serial: string
  readonly device: string
  readonly spool: string
  readonly identity: string
  readonly recoveryRecipient: string
  readonly logKeys: string
  readonly policy: string
  readonly patienceMs?: number
  readonly killAt: string | null
}

const options = JSON.parse(process.argv[2]!) as ProcessOptions

await startAgent({
  station: {
    name: '采集站一',
    slots: 2,
    version: '0',
    sounds: false,
    quietFrom: null,
    quietTo: null,
    hasPrinter: false,
  },
  server: { origin: options.origin, caFile: null, patienceMs: options.patienceMs ?? 60_000 },
  token: () => options.token,
  signingKey: createPrivateKey(options.key),
  trust: { log: parseLogKeys(options.logKeys), policy: parsePolicy(options.policy) },
  spool: {
    folder: options.spool,
    bytesMax: 1024 ** 3,
    identity: options.identity,
    recoveryRecipient: options.recoveryRecipient,
  },
  uploads: { max: 2, bytesPerSecond: null },
  sources: [folderSource(options.device, options.serial)],
  slips: { bureau: '综合执法局', form: 'roll', checkAddress: 'https://custody.example', print: async () => undefined },
  log: openLog({ service: 'dock', level: 'error' }),
  onStep: (step) => {
    if (step === options.killAt) process.kill(process.pid, 'SIGKILL')
  },
})
