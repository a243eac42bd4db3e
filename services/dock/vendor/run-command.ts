import { spawn } from 'node:child_process'
import { endGroup, searchPathOf } from '../../foundation/platform.ts'

/** A program of the station or of a vendor, as configured: arguments, never a shell. */
export interface Command {
  readonly argv: readonly string[]
  readonly timeLimitMs: number
}

export class CommandFailed extends Error {}

/** Where programs are looked for, whatever this process was started with. */
export const searchPath = searchPathOf(process.platform)
const outputAfterEndMs = 200
const outputBytesMax = 64 * 1024

/**
 * Runs a program to its end and gives what it printed. `{name}` in an argument is replaced by `words[name]`. A secret goes in
 * by stdin or by the one environment variable `DOCK_SECRET`, never by the arguments, which every process of the machine may
 * read; nothing of this process's environment is handed on.
 *
 * @throws CommandFailed when it cannot be started, fails, or does not end in time; the secret is never in its text
 */
export async function runCommand(
  command: Command,
  words: Readonly<Record<string, string>>,
  secret?: { readonly text: string; readonly by: 'stdin' | 'environment' },
): Promise<string> {
  const [program, ...args] = filledArguments(command.argv, words)
  const env: Record<string, string> = { PATH: searchPath, LC_ALL: 'C.UTF-8' }
  if (secret?.by === 'environment') env.DOCK_SECRET = secret.text
  const child = spawn(program!, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const fail = (why: string) => reject(new CommandFailed(`${program} ${why}`))
  const printed: Buffer[] = []
  let bytes = 0
  const keep = (chunk: Buffer) => {
    if (bytes < outputBytesMax) printed.push(chunk)
    bytes += chunk.length
  }
  const timer = setTimeout(() => {
    // Its own group: what it started ends with it.
    if (child.pid !== undefined && child.exitCode === null) endGroup(child.pid, 'SIGKILL', process.platform)
    fail(`did not end within ${command.timeLimitMs} ms`)
  }, command.timeLimitMs)
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  child.on('error', (error) => fail(`cannot be started: ${error.message}`))
  child.on('exit', () => {
    // What it left running (the driver of a mount) may hold its output open: nobody waits for that.
    setTimeout(() => {
      child.stdout.destroy()
      child.stderr.destroy()
    }, outputAfterEndMs)
  })
  child.on('close', (code, signal) => {
    const text = withoutSecret(Buffer.concat(printed).toString('utf8'), secret?.text)
    if (code === 0) resolve(text)
    else fail(`ended with ${signal ?? code}: ${text.slice(-500).trim()}`)
  })
  // A program that does not read its input closes the pipe: its own end says how it went.
  child.stdin.on('error', () => undefined)
  child.stdin.end(secret?.by === 'stdin' ? `${secret.text}\n` : '')
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}

/** Arguments with their words filled in. @throws CommandFailed for a word that nobody gave */
export function filledArguments(argv: readonly string[], words: Readonly<Record<string, string>>): string[] {
  return argv.map((argument) => filled(argument, words))
}

function filled(argument: string, words: Readonly<Record<string, string>>): string {
  return argument.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => {
    const word = words[name]
    if (word === undefined) throw new CommandFailed(`there is no {${name}} for the argument ${argument}`)
    return word
  })
}

/** What a program says, which may repeat what it was given. */
export function withoutSecret(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, '[secret]') : text
}
