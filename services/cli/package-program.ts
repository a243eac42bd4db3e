import { type CommandContext, deciding, jsonOption } from './command.ts'
import {
  decidePackageCommand,
  downloadPackageCommand,
  listPackagesCommand,
  requestPackageCommand,
  showPackageCommand,
} from './package.ts'

/** Adds `custody package`. */
export function addPackages({ program, terminal, end, reaching }: CommandContext): void {
  const packages = program.command('package').description('evidence packages (举证材料) of a case')
  const add = (usage: string, description: string) =>
    reaching(packages.command(usage).description(description)).addOption(jsonOption())

  add('request <case>', 'ask for an evidence package of a case')
    .requiredOption('--purpose <text>', '用途: what the package is for')
    .option('--with-footage', 'with originals and playable forms: waits for the supervisor’s signature')
    .option('--recipient <name>', 'who it is for; needed with footage')
    .option('--organisation <name>', 'of the recipient')
    .option('--recipient-key <key>', 'an age recipient (age1…) that the file is encrypted to')
    .option(
      '--recordings <file>',
      'a table (CSV, UTF-8): recording (its id), proves (证明对象) and, if known, from,to (3:05), transcript (另附, 无对话), medium (原始载体: where it is, or why it cannot be handed over)',
    )
    .action(async (caseNumber, options) => end(await requestPackageCommand(terminal, caseNumber, options)))
  add('list [case]', 'the packages of a case, or of all cases').action(async (caseNumber, options) =>
    end(await listPackagesCommand(terminal, caseNumber, options)),
  )
  add('show <id>', 'everything that is known of a package, and what each recording is to prove').action(
    async (id, options) => end(await showPackageCommand(terminal, id, options)),
  )
  deciding(add('decide <id>', 'as supervisor: show a package, and sign it or refuse it'))
    .requiredOption('--reason <text>', 'why')
    .action(async (id, options) => end(await decidePackageCommand(terminal, id, options)))
  add('download <id>', 'fetch the file of a package, and compare its digest')
    .requiredOption('--out <file>', 'where it is written; not written over')
    .action(async (id, options) => end(await downloadPackageCommand(terminal, id, options)))
}
