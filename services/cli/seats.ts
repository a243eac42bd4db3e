import type { Command } from 'commander'
import { Option } from 'commander'
import { forecastLines, type ShownForecast } from '../custody/seats/shown.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

/** Adds `custody seats`. `reaching` adds the options with which a command signs in. */
export function addSeats(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const { terminal, end } = context
  context
    .reaching(
      program.command('seats').description('what stops while somebody is away, and who could still do the rest'),
    )
    .addOption(new Option('--json', 'print one JSON value instead of lines'))
    .action(async (options) => end(await seatsCommand(terminal, options)))
}

async function seatsCommand(
  terminal: Terminal,
  options: AccessSessionOptions & { json?: boolean; lang: 'zh' | 'en' },
): Promise<ExitCode> {
  const shown = (await withAccess(terminal, options, (client) => client.json('/seats'))) as ShownForecast
  if (options.json) terminal.out(JSON.stringify(shown))
  else for (const line of forecastLines(shown, options.lang, localTime)) terminal.out(printable(line))
  return exitCodes.fine
}
