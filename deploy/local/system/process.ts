import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import { onPath } from '../install/programs.mjs'
import { inherited } from './inherited.ts'

const repository = resolve(import.meta.dirname, '../../..')
/** Long enough for a machine that is busy with other things: a process that cannot start ends, and is seen at once. */
const startMsMax = 5 * 60_000
const stopMsMax = 15_000

export interface ProcessPlan {
  readonly name: string
  /** Node's flags, the main file and its arguments, from the top of the repository. */
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Where /readyz and /healthz are. A first start waits for the one, a restart (a server may be away) for the other. */
  readonly statusAddress: string
  readonly logPath: string
  /** Outlives this process. */
  readonly detached: boolean
  /** Runs as this user, without the rights of whoever starts it. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

/** One of the product's own processes, run as in a bureau: its real main file, its own settings. */
export interface RunningProcess {
  readonly name: string
  readonly pid: number
  /** SIGTERM and wait; SIGKILL when asked to die at once. */
  stop(how?: 'orderly' | 'at-once'): Promise<void>
  /** Starts it again with the same settings, after it was stopped. */
  start(): Promise<void>
  isRunning(): boolean
}

/** Starts a process and waits until it is ready. @throws not_ready with the end of its log. */
export async function startProcess(plan: ProcessPlan): Promise<RunningProcess> {
  let child = await launch(plan, 'readyz')
  return {
    name: plan.name,
    get pid() {
      return child.pid!
    },
    isRunning: () => isRunning(child),
    async stop(how = 'orderly') {
      await end(child, how)
    },
    async start() {
      if (isRunning(child)) throw new Fault('conflict', `${plan.name} is running`)
      child = await launch(plan, 'healthz')
    },
  }
}

async function launch(plan: ProcessPlan, status: 'readyz' | 'healthz'): Promise<ChildProcess> {
  const log = openSync(plan.logPath, 'a', 0o600)
  // What is not to outlive this process does not, however this process ends.
  const setpriv = plan.detached ? undefined : onPath('setpriv')
  const [program, args] = setpriv
    ? [setpriv, ['--pdeathsig', 'KILL', '--', process.execPath, ...plan.command]]
    : [process.execPath, [...plan.command]]
  const child = spawn(program, args, {
    cwd: repository,
    env: { ...inherited(), ...plan.environment },
    stdio: ['ignore', log, log],
    detached: plan.detached,
    ...plan.user,
  })
  closeSync(log)
  if (plan.detached) child.unref()
  const deadline = Date.now() + startMsMax
  while (!(await answers(`${plan.statusAddress}/${status}`))) {
    if (!isRunning(child) || Date.now() > deadline) {
      await end(child, 'at-once')
      throw new Fault('not_ready', `${plan.name} did not start; the end of ${plan.logPath}:\n${endOf(plan.logPath)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return child
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

async function end(child: ChildProcess, how: 'orderly' | 'at-once'): Promise<void> {
  if (!isRunning(child)) return
  const gone = once(child, 'exit')
  child.kill(how === 'orderly' ? 'SIGTERM' : 'SIGKILL')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
  await gone
  clearTimeout(timer)
}

function endOf(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-15).join('\n')
}
