import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, inSession } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { noticeLine, readNotices } from './notices.ts'
import type { Terminal } from './terminal.ts'

interface NoticesOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly seen?: string
}

/** Adds `custody notices`. */
export function addNotices({ program, terminal, end, reaching }: CommandContext): void {
  reaching(program.command('notices').description('what waits for your decision, and what you should know'))
    .option('--seen <id>', 'acknowledge a notice, or `all`; what waits for a decision stays until it is done')
    .addOption(jsonOption())
    .action(async (options) => end(await noticesCommand(terminal, options)))
}

async function noticesCommand(terminal: Terminal, options: NoticesOptions): Promise<ExitCode> {
  const { seen, lang } = options
  const notices = await inSession(terminal, options, async (client) => {
    const all = await readNotices(client)
    if (seen === undefined) return all
    const done = all.filter(({ id, waits }) => (seen === 'all' ? !waits : id === seen))
    if (seen !== 'all' && done.length === 0) throw new Fault('not_found', `there is no notice ${seen} for you`)
    for (const { id } of done) await client.post(`/notices/${encodeURIComponent(id)}/seen`)
    return readNotices(client)
  })
  if (options.json) terminal.out(JSON.stringify(notices))
  else {
    const lines = notices.map((one) => `${noticeLine(one, lang)}  ${localTime(one.at)}  ${one.id}`)
    tellLines(terminal, lang, lines, { zh: '没有待办，也没有未读通知', en: 'nothing waits, and there is no notice' })
  }
  return exitCodes.fine
}
