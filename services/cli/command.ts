import { type Command, Option } from 'commander'
import { Fault } from '../foundation/errors.ts'
import type { ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** What a file that adds commands needs. */
export interface CommandContext {
  readonly program: Command
  readonly terminal: Terminal
  end(code: ExitCode): void
  /** Adds the options with which a command signs in. */
  reaching(command: Command): Command
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON value instead of lines')
}

export interface Decision {
  readonly approve?: boolean
  readonly refuse?: boolean
}

/** Adds the words of every command with which a second person decides. */
export function deciding(command: Command): Command {
  return command.option('--approve', 'agree to it').option('--refuse', 'do not agree to it')
}

/** Whether it is agreed to. @throws bad_request unless exactly one of the two is given */
export function isApproved({ approve, refuse }: Decision): boolean {
  if (Boolean(approve) !== Boolean(refuse)) return Boolean(approve)
  throw new Fault('bad_request', 'say one of --approve and --refuse')
}
