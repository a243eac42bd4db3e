import { verifyCommand } from '../verifier/program.ts'
import type { Language } from './chain-text.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import type { Terminal } from './terminal.ts'

interface VerifyOptions {
  readonly trust: string
  readonly identity?: string
  readonly json?: boolean
  readonly lang: Language
}

/**
 * Verifies evidence packages offline, by the same core as the program that outsiders are given. Exit code 0 when all are
 * accepted, 1 when one is not.
 */
export async function verifyPackagesCommand(
  terminal: Terminal,
  packages: readonly string[],
  options: VerifyOptions,
): Promise<ExitCode> {
  const args = {
    packages,
    trust: options.trust,
    identity: options.identity,
    json: options.json ?? false,
    language: options.lang,
  }
  const exit = await verifyCommand(args, {
    out: (text) => terminal.out(text.trimEnd()),
    err: (text) => terminal.err(text.trimEnd()),
    columns: null,
    now: () => new Date(),
    program: async () => 'custody verify',
  })
  return exit === 0 ? exitCodes.fine : exitCodes.findings
}
