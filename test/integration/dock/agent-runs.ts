import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Test } from 'tap'
import type { ProcessOptions } from './agent-process.ts'
import { openReceiptPlace } from './cleared-place.ts'

export interface AgentRun {
  /** Node's own flags, and what is added to the environment. */
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** The agent is ended when it resolves, if it has not ended itself by then. */
  readonly until?: Promise<unknown> | null
}

/** Runs an agent in a process of its own until it ends; gives the signal that ended it. */
export async function runAgent(
  options: ProcessOptions,
  { flags = [], environment = {}, until = null }: AgentRun = {},
): Promise<string | null> {
  const program = new URL('./agent-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  })
  const ended = new Promise<string | null>((resolve) => child.on('exit', (_code, signal) => resolve(signal)))
  if (until) await Promise.race([until, ended]).finally(() => child.kill('SIGKILL'))
  return await ended
}

/** A bureau, a device that is a folder, and a station for agents that come and go. */
export async function openAgentPlace(t: Test) {
  const opened = await openReceiptPlace(t, ['DSJ0001'])
  const folder = mkdtempSync(join(tmpdir(), 'dock-kill-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const device = join(folder, 'device')
  mkdirSync(device)
  const identity = await generateX25519Identity()
  const { ingest, archive, witness } = opened.place
  const options = {
    origin: opened.front.origin,
    token: ingest.dock.token,
    key: ingest.dock.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    serial: 'DSJ0001',
    device,
    spool: join(folder, 'spool'),
    identity,
    recoveryRecipient: await identityToRecipient(await generateX25519Identity()),
    logKeys: archive.log.verifierKeys,
    policy: `witness one ${witness.verifierKey}\nquorum one\n`,
    killAt: null,
  } satisfies ProcessOptions
  return { ...opened, folder, device, options }
}
