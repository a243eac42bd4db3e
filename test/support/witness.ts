import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runWitnessProgram } from '../../services/witness/program.ts'
import type { Teardown } from './stack.ts'

const main = resolve(import.meta.dirname, '../../services/witness/main.ts')

/** Our own witness in a folder of its own; it may run as any number of processes. */
export interface OwnWitness {
  readonly folder: string
  readonly name: string
  /** Ed25519, then ML-DSA-44. */
  readonly verifierKeys: readonly string[]
  /** Its lines of a policy: both keys, either of which is enough for `quorum NAME`. */
  policyLines(name: string, url?: string): string
  start(options?: { listen?: string }): Promise<WitnessProcess>
  /** One command line, in this process. */
  command(...args: string[]): Promise<{ code: number; out: string; err: string }>
}

export interface WitnessProcess {
  readonly url: string
  readonly pid: number
  kill(): Promise<void>
  stop(): Promise<number | null>
}

/** Makes a witness for the log with these verifier keys. Its folder goes with the test. */
export async function makeWitness(t: Teardown, logKeys: string, name = 'legal.test/witness'): Promise<OwnWitness> {
  const folder = mkdtempSync(join(tmpdir(), 'custody-witness-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const command: OwnWitness['command'] = async (verb = '', ...rest) => {
    const said: { out: string[]; err: string[] } = { out: [], err: [] }
    const code = await runWitnessProgram([verb, '--folder', folder, ...rest], {
      out: (line) => said.out.push(line),
      err: (line) => said.err.push(line),
      ended: Promise.resolve(),
    })
    return { code, out: said.out.join('\n'), err: said.err.join('\n') }
  }
  const keys = logKeys.split(/\s+/).flatMap((key) => ['--log', key])
  const made = await command('init', '--name', name, ...keys)
  if (made.code !== 0) throw new Error(`custody-witness init: ${made.err}`)
  const verifierKeys = [...made.out.matchAll(/^公钥 verifier key: (\S+)$/gm)].map((match) => match[1]!)
  return {
    folder,
    name,
    verifierKeys,
    policyLines: (group, url = '') => {
      const lines = verifierKeys.map((key, at) => `witness ${group}-${at} ${key} ${url}`.trimEnd())
      return [...lines, `group ${group} all ${verifierKeys.map((_, at) => `${group}-${at}`).join(' ')}`, ''].join('\n')
    },
    start: (options) => startProcess(t, folder, options?.listen ?? '127.0.0.1:0'),
    command,
  }
}

async function startProcess(t: Teardown, folder: string, listen: string): Promise<WitnessProcess> {
  const child = spawn(process.execPath, [main, 'run', '--folder', folder, '--listen', listen], {
    stdio: ['ignore', 'pipe', process.env.CUSTODY_TEST_LOG === '1' ? 'inherit' : 'ignore'],
  })
  const exited = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  t.teardown(() => end('SIGKILL'))
  return {
    url: await addressOf(child),
    pid: child.pid!,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      return child.exitCode
    },
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the witness ended before it listened:\n${text}`)))
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(-10_000)
      const address = /^listening on (\S+)$/m.exec(text)?.[1]
      if (address) resolve(address)
    })
  })
}

/** A witness that answers as `answer` says: for faults that no honest program has. */
export async function startFalseWitness(
  t: Teardown,
  answer: (body: string, response: ServerResponse, request: IncomingMessage) => unknown,
): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    bodies.push(body)
    await answer(body, response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}
