import {
  askShuttingCommand,
  decideShuttingCommand,
  listAccountsCommand,
  listOpeningsCommand,
  makeAccountCommand,
  releaseAccountCommand,
  resetAccountCommand,
  shutAccountCommand,
  stopReleaseCommand,
} from './account.ts'
import { type CommandContext, deciding, jsonOption } from './command.ts'

/** Adds `custody account`. */
export function addAccounts({ program, terminal, end, reaching }: CommandContext): void {
  const account = program
    .command('account')
    .description('accounts: one person makes or resets one, another releases it; ACCOUNT is an account name')
  const add = (usage: string, description: string) =>
    reaching(account.command(usage).description(description)).addOption(jsonOption())
  const reason = ['--reason <text>', 'why'] as const

  add('list', 'accounts with their roles, and how they stand').action(async (options) =>
    end(await listAccountsCommand(terminal, options)),
  )
  add('openings', 'accounts that were made or reset and wait for their release')
    .option('--all', 'those that were released, stopped, used or expired too')
    .action(async (options) => end(await listOpeningsCommand(terminal, options)))
  add('make <role> <name> <account>', 'as administrator: make an account; prints its first password once')
    .option('--officer-number <number>', '执法人员编号')
    .option('--certificate-number <number>', '执法证号')
    .action(async (role, name, wanted, options) =>
      end(await makeAccountCommand(terminal, { role, name, account: wanted }, options)),
    )
  add('reset <account>', 'give a new first password, printed once; another person must release the account').action(
    async (who, options) => end(await resetAccountCommand(terminal, who, options)),
  )
  add('release <account>', 'as second person: release an account; prints its code once').action(async (who, options) =>
    end(await releaseAccountCommand(terminal, who, options)),
  )
  add('stop <account>', 'stop a release that has not taken effect yet')
    .requiredOption(...reason)
    .action(async (who, options) => end(await stopReleaseCommand(terminal, who, options)))
  add('shut <account>', 'as administrator: shut an account for good that takes no second person').action(
    async (who, options) => end(await shutAccountCommand(terminal, who, options)),
  )
  add('ask-shutting <account>', 'ask that an account be shut; another person decides')
    .requiredOption(...reason)
    .action(async (who, options) => end(await askShuttingCommand(terminal, who, options)))
  deciding(add('decide-shutting <account>', 'as second person: shut an account for good, or leave it open'))
    .requiredOption(...reason)
    .action(async (who, options) => end(await decideShuttingCommand(terminal, who, options)))
}
