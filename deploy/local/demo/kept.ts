// What `--keep` leaves behind and `--stop` takes down.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stopStackAt } from '../stack.ts'
import type { RunningProcess } from '../system/process.ts'
import type { System } from '../system.ts'
import { emptyWall } from './wall.ts'

const stopMsMax = 20_000

/** Writes the pids of the product's processes and of the station, so that a later `--stop` finds them. */
export function keepProcesses(directory: string, system: System, others: readonly RunningProcess[] = []): void {
  const pids = [...Object.values(system.processes), ...others].map(({ name, pid }) => ({ name, pid }))
  writeFileSync(join(directory, 'processes.json'), `${JSON.stringify(pids, null, 2)}\n`, { mode: 0o600 })
}

/** Writes the page that a person or a program needs to look around. It holds secrets: only the owner may read it. */
export function writeDemoState(directory: string, state: unknown): string {
  const path = join(directory, 'state.json')
  writeFileSync(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  return path
}

/** The same for a shell: what `custody` needs, to be read with `. .demo/env.sh`. */
export function writeShellEnvironment(directory: string, environment: Readonly<Record<string, string>>): void {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`
  const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`)
  writeFileSync(join(directory, 'env.sh'), `${lines.join('\n')}\n`, { mode: 0o600 })
}

/** True when a demo was left running in `directory`. */
export function isKept(directory: string): boolean {
  return existsSync(join(directory, 'processes.json'))
}

/** Takes down what `--keep` left running and removes its folder. Nothing there is fine. */
export async function stopKept(directory: string): Promise<void> {
  await emptyWall(join(directory, 'wall'))
  const path = join(directory, 'processes.json')
  if (existsSync(path)) {
    const pids = JSON.parse(readFileSync(path, 'utf8')) as { name: string; pid: number }[]
    await Promise.all(pids.map(({ pid }) => stopProcess(pid)))
  }
  await stopStackAt(join(directory, 'stack'), { remove: true })
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
}

async function stopProcess(pid: number): Promise<void> {
  if (!isOurs(pid)) return
  process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + stopMsMax
  while (isOurs(pid) && Date.now() < deadline) await delay(50)
  if (isOurs(pid)) process.kill(pid, 'SIGKILL')
}

/** A pid may have been given to another program since: ours runs a main file of this product, or a program of the demo. */
function isOurs(pid: number): boolean {
  const path = `/proc/${pid}/cmdline`
  if (!existsSync(path)) return false
  return /(services\/\w+\/main|workers\/(main|sequencer)|deploy\/local\/timestamp-authority)\.ts/.test(
    readFileSync(path, 'utf8'),
  )
}
