import { type Command, Option } from 'commander'
import type { ExitCode } from './exit.ts'
import { requestPackageCommand } from './package.ts'
import type { Terminal } from './terminal.ts'

/** Adds `custody package`. `reaching` adds the options with which a command signs in. */
export function addPackages(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const packages = program.command('package').description('evidence packages of a case')
  context
    .reaching(packages.command('request <case>').description('ask for an evidence package of a case'))
    .requiredOption('--purpose <text>', '用途: what the package is for')
    .option('--with-footage', 'with originals and playable forms: waits for the supervisor’s signature')
    .option('--recipient <name>', 'who it is for; needed with footage')
    .option('--organisation <name>', 'of the recipient')
    .option('--recipient-key <key>', 'an age recipient (age1…) that the file is encrypted to')
    .option('--recordings <file>', 'a table: recording,proves (证明对象) and, if known, from,to,transcript')
    .addOption(new Option('--json', 'print one JSON value instead of lines'))
    .action(async (caseNumber, options) =>
      context.end(await requestPackageCommand(context.terminal, caseNumber, options)),
    )
}
