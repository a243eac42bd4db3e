import { isFault } from '../foundation/errors.ts'
import { printable, type Terminal } from './terminal.ts'

/** What the program's exit codes mean; scripts decide by them. */
export const exitCodes = {
  /** Done; for checks: everything agrees. */
  fine: 0,
  /** A check found something. */
  findings: 1,
  /** Asked wrongly, configured wrongly, or refused. */
  usage: 2,
  /** A server could not be reached: trying again later can help. */
  unreachable: 3,
  /** A defect of this program. */
  unexpected: 4,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Tells a failure on standard error, a Fault by its own words, and answers the exit code. */
export function tellFailure(error: unknown, terminal: Terminal): ExitCode {
  if (!isFault(error)) {
    terminal.err(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return exitCodes.unexpected
  }
  // A refusal may quote what a server or a table says; its own line breaks stay.
  terminal.err(`custody: ${error.message.split('\n').map(printable).join('\n')}`)
  const cause = error.cause instanceof Error ? error.cause.message : null
  if (cause && !error.message.includes(cause)) terminal.err(`  because: ${printable(cause)}`)
  return error.retry ? exitCodes.unreachable : exitCodes.usage
}
