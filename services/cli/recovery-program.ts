import type { Command } from 'commander'
import { Option } from 'commander'
import type { ExitCode } from './exit.ts'
import { recoverPeopleCommand } from './recover-people.ts'
import { joinSharesCommand, recoveryKeyCommand } from './recovery-key.ts'
import type { Terminal } from './terminal.ts'

const collect = (value: string, all: string[]) => [...all, value]

/** The commands of the bureau's recovery key: made, split, joined, and the way back for a bureau that lost its people. */
export function addRecovery(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  const key = program
    .command('recovery-key')
    .description("the bureau's recovery key, which alone opens the archive of events")
  key
    .command('make', { isDefault: true })
    .description(
      'make the key, or take one that is there, and split it into shares where asked; prints its public half',
    )
    .option('--out <file>', 'where the secret half is written (0600, never written over)')
    .option('--from <file>', 'take the key in this file instead of making one')
    .option('--shares <number>', 'split it into so many shares …')
    .option('--needed <number>', '… of which any so many make it again')
    .option('--out-directory <folder>', 'where the shares are written, one file each (0600, never written over)')
    .action(async (options) => end(await recoveryKeyCommand(terminal, options)))
  key
    .command('join <share...>')
    .description('make the recovery key again from the files of its shares')
    .requiredOption('--out <file>', 'where it is written (0600, never written over)')
    .action(async (shares, options) => end(await joinSharesCommand(terminal, shares, options)))

  program
    .command('recover-people')
    .description('the way back when no supervisor, no auditor or no administrator is in service')
    .requiredOption('--share <file>', "a share of the bureau's recovery key; given once for each", collect, [])
    .requiredOption('--account <role:name:account>', 'an account for a vacant office; may be given often', collect, [])
    .option('--gone <account>', 'an account whose person is gone for good: it is shut; may be given often', collect, [])
    .option('--store <name>', 'the store whose archive the key must open: primary, backup-a or backup-b', 'backup-a')
    .option('--passwords-file <file>', 'write first passwords there (0600) instead of printing them once')
    .addOption(new Option('--json', 'print one JSON value instead of lines'))
    .addHelpText(
      'after',
      '\nRuns on DATABASE_URL (owner) and STORE_… (the auditor’s keys). The accounts count as released by both offices;\neverybody is shown what was done.',
    )
    .action(async (options) => end(await recoverPeopleCommand(terminal, options)))
}
