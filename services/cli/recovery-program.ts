import type { Command } from 'commander'
import type { ExitCode } from './exit.ts'
import { joinSharesCommand, recoveryKeyCommand } from './recovery-key.ts'
import type { Terminal } from './terminal.ts'

/** The commands of the bureau's recovery key: made, split, joined. */
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
}
