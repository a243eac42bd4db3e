import { readFile } from 'node:fs/promises'
import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { addRosterList } from './roster-list.ts'
import type { Terminal } from './terminal.ts'

interface RosterOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly preview?: boolean
}

/** Adds `custody roster`. */
export function addRosters(context: CommandContext): void {
  const { program, terminal, end, reaching } = context
  const roster = program.command('roster').description('who is on duty when, with which device (排班)')
  const add = (usage: string, description: string) =>
    reaching(roster.command(usage).description(description)).addOption(jsonOption())

  add('enter <file>', 'as supervisor: enter a CSV: person,device,day,from,to; all or nothing')
    .option('--preview', 'say what it would change, and change nothing')
    .action(async (file, options) => end(await enterCommand(terminal, file, options)))
  addRosterList(context, add)
}

async function enterCommand(terminal: Terminal, file: string, options: RosterOptions): Promise<ExitCode> {
  const { preview = false, lang, json } = options
  const csv = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Fault('bad_request', `${file} cannot be read: ${cause.message}`, { cause })
  })
  const answer = await withAccess(terminal, options, (client) =>
    client.post(`/rosters${preview ? '?preview=true' : ''}`, { csv }),
  )
  const change = JSON.parse(answer) as { added: object[]; withdrawn: object[]; unchanged: number }
  const [added, withdrawn] = [change.added.length, change.withdrawn.length]
  const told = {
    zh: `${preview ? '预览：将' : '已'}登记 ${added} 条，撤销 ${withdrawn} 条，不变 ${change.unchanged} 条`,
    en: `${preview ? 'preview: ' : ''}${added} entered, ${withdrawn} withdrawn, ${change.unchanged} unchanged`,
  }
  terminal.out(json ? answer : told[lang])
  return exitCodes.fine
}
