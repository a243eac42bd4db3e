import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inherited } from '../../deploy/local/system/inherited.ts'
import type { World } from './world.ts'

/** A real service in a process of its own. */
export interface ServiceProcess {
  readonly origin: string
  readonly pid: number
  /** SIGKILL: no line of it runs any more. */
  kill(): Promise<void>
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>
}

/** Starts services/SERVICE/main.ts over the world's servers; `env` adds to or replaces its settings. */
export async function startServiceProcess(
  t: { teardown(end: () => unknown): unknown },
  world: World,
  service: 'ingest' | 'access',
  env: Record<string, string> = {},
): Promise<ServiceProcess> {
  const main = fileURLToPath(new URL(`../../services/${service}/main.ts`, import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: {
      ...inherited(),
      ...world.environmentFor(service),
      [`${service.toUpperCase()}_LISTEN`]: '127.0.0.1:0',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  })
  const origin = await originOf(child, service)
  return {
    origin,
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
  }
}

/** From the log line that says where it listens; the rest of the log is read and thrown away. */
async function originOf(child: ChildProcess, service: string): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`${service} ended before it listened:\n${text}`)))
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(-20_000)
      const address = /"address":"([^"]+)"/.exec(text)?.[1]
      if (address?.startsWith('http')) resolve(address)
      const port = /"address":\{[^}]*"port":(\d+)/.exec(text)?.[1]
      if (port) resolve(`http://127.0.0.1:${port}`)
      if (process.env.CUSTODY_TEST_LOG === '1') process.stderr.write(chunk)
    })
  })
}
