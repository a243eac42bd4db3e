import { type CommandContext, deciding, jsonOption } from './command.ts'
import {
  decideSettingCommand,
  proposeSettingCommand,
  settingHistoryCommand,
  showSettingsCommand,
  withdrawSettingCommand,
} from './setting.ts'

/** Adds `custody setting`. */
export function addSettings({ program, terminal, end, reaching }: CommandContext): void {
  const setting = program
    .command('setting')
    .description('what the bureau sets for itself: one person proposes, another decides')
  const add = (usage: string, description: string) =>
    reaching(setting.command(usage).description(description)).addOption(jsonOption())

  add('list', 'every setting with its value').action(async (options) =>
    end(await showSettingsCommand(terminal, null, options)),
  )
  add('show <key>', 'one setting, what comes, and the open proposal with what it would do').action(
    async (key, options) => end(await showSettingsCommand(terminal, key, options)),
  )
  add('propose <key> [value]', 'show what a new value (JSON) would do, and propose it')
    .requiredOption('--source <text>', 'the rule or decision that says so, 4 characters at least')
    .option('--from <time>', 'when it takes effect: a day, or ISO 8601 (default: as soon as it is accepted)')
    .option('--csv <file>', 'for calendar.days: a table with the columns day,working')
    .option('--preview', 'only show what it would do')
    .action(async (key, value, options) => end(await proposeSettingCommand(terminal, { key, value }, options)))
  deciding(add('decide <key>', 'show what the open proposal would do, and agree to it or refuse it'))
    .option('--reason <text>', 'why it is refused')
    .action(async (key, options) => end(await decideSettingCommand(terminal, key, options)))
  add('withdraw <key>', 'take one’s own proposal back').action(async (key, options) =>
    end(await withdrawSettingCommand(terminal, key, options)),
  )
  add('history <key>', 'every version that was ever proposed').action(async (key, options) =>
    end(await settingHistoryCommand(terminal, key, options)),
  )
}
