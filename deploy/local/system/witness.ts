import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ProcessPlan } from './process.ts'

const run = promisify(execFile)
const repository = resolve(import.meta.dirname, '../../..')
const main = 'services/witness/main.ts'
export const localWitnessName = 'legal.demo.local/witness'

/**
 * The legal office's witness on this machine: a bureau has it on a PC of another office. Makes its keys below `directory` and
 * writes the ledger's policy, by which a cosignature of each of its keys is needed.
 */
export async function makeLocalWitness(options: {
  directory: string
  logPath: string
  /** Verifier keys of the log, with spaces between. */
  verifierKeys: string
  port: number
  detached: boolean
}): Promise<{ plan: ProcessPlan; policyFile: string }> {
  const { directory, port } = options
  const folder = join(directory, 'witness')
  const logs = options.verifierKeys.split(' ')
  const flags = ['--folder', folder, '--name', localWitnessName, ...logs.flatMap((key) => ['--log', key])]
  const { stdout } = await run(process.execPath, [main, 'init', ...flags], { cwd: repository })
  const keys = [...stdout.matchAll(/^公钥 verifier key: (\S+)$/gm)].map((match) => match[1])
  const address = `127.0.0.1:${port}`
  const policyFile = join(directory, 'policy.txt')
  const policy = [
    ...keys.map((key, at) => `witness legal-${at} ${key} http://${address}`),
    `group legal all ${keys.map((_, at) => `legal-${at}`).join(' ')}`,
    'quorum legal',
  ]
  writeFileSync(policyFile, `${policy.join('\n')}\n`)
  const plan = {
    name: 'witness',
    command: [main, 'run', '--folder', folder, '--listen', address],
    environment: {},
    statusAddress: `http://${address}`,
    logPath: options.logPath,
    detached: options.detached,
  }
  return { plan, policyFile }
}
