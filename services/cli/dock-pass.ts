import { dockPassesInEnglish, dockPassNames } from '../custody/events/hand-in-words.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { personIdOf } from './spare.ts'
import type { Terminal } from './terminal.ts'

type Means = keyof typeof dockPassNames

interface PassOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Pass {
  readonly id: string
  readonly person: { readonly name: string; readonly account: string }
  readonly givenBy: { readonly name: string }
  readonly givenAt: string
  readonly releasedAt: string | null
  readonly takenBackAt: string | null
}

/** Adds `custody card` and `custody dock-code`. */
export function addDockPasses({ program, terminal, end, reaching }: CommandContext): void {
  const about = 'by which an officer or assistant is known at docks, and nowhere else'
  for (const [command, means, what] of [
    ['card', 'card', `work cards (工作卡), ${about}`],
    ['dock-code', 'code', `six-digit dock codes (采集站码), ${about}`],
  ] as const) {
    const group = program.command(command).description(what)
    const add = (usage: string, description: string) =>
      reaching(group.command(usage).description(description)).addOption(jsonOption())
    add(means === 'card' ? 'give <account> <number>' : 'give <account>', giveWords[means]).action(
      async (account, ...rest) => {
        const [first, second] = rest as [string | PassOptions, PassOptions]
        const [card, options] = typeof first === 'string' ? [first, second] : [null, first]
        end(await giveCommand(terminal, { means, account, card }, options))
      },
    )
    add('take <account>', 'as administrator: take it back; from now on it makes nobody known')
      .requiredOption('--reason <text>', 'why')
      .action(async (account, options) => end(await takeCommand(terminal, { means, account }, options)))
    add('list', 'who has one, and whether it was released; never a number').action(async (options) =>
      end(await listCommand(terminal, means, options)),
    )
  }
}

const giveWords = {
  card: 'as administrator: give a card, by the number that a reader types; it counts once it was released',
  code: 'as administrator: give a code, printed once; it counts once it was released',
} as const

async function giveCommand(
  terminal: Terminal,
  given: { means: Means; account: string; card: string | null },
  options: PassOptions,
): Promise<ExitCode> {
  const { means, account, card } = given
  const answer = await withAccess(terminal, options, async (client) => {
    const personId = await personIdOf(client, account)
    return client.post('/dock-passes', { personId, means, ...(card !== null && { card }) })
  })
  const { id, code } = JSON.parse(answer) as { id: string; code: string | null }
  const sign = `custody sign-list dock_pass.released ${id}`
  const shown = { zh: code ? `采集站码 ${code}（仅显示一次）；` : '', en: code ? `code ${code} (shown once); ` : '' }
  const done = {
    zh: `${shown.zh}已发放，须由另一人复核启用：${sign}`,
    en: `${shown.en}given; another person must release it: ${sign}`,
  }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function takeCommand(
  terminal: Terminal,
  taken: { means: Means; account: string },
  options: PassOptions & { reason: string },
): Promise<ExitCode> {
  const { means, account } = taken
  await withAccess(terminal, options, async (client) => {
    const { passes } = (await client.json(`/dock-passes?means=${means}`)) as { passes: Pass[] }
    const pass = passes.find(({ person, takenBackAt }) => person.account === account && takenBackAt === null)
    // The service says that there is none, in its own words.
    const id = pass?.id ?? '00000000-0000-0000-0000-000000000000'
    return client.post(`/dock-passes/${id}/taking-back`, { reason: options.reason })
  })
  const done = { zh: `${dockPassNames[means]}已收回`, en: `the ${dockPassesInEnglish[means]} was taken back` }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}

async function listCommand(terminal: Terminal, means: Means, options: PassOptions): Promise<ExitCode> {
  const { lang, json } = options
  const answer = await withAccess(terminal, options, (client) => client.json(`/dock-passes?means=${means}`))
  const { passes } = answer as { passes: Pass[] }
  if (json) terminal.out(JSON.stringify(passes))
  else {
    const lines = passes.map(({ id, person, givenBy, ...pass }) =>
      [id, `${person.name}（${person.account}）`, stateText(pass, lang), givenBy.name].join('  '),
    )
    tellLines(terminal, lang, lines, {
      zh: `没有${dockPassNames[means]}`,
      en: `there is no ${dockPassesInEnglish[means]}`,
    })
  }
  return exitCodes.fine
}

function stateText(
  { givenAt, releasedAt, takenBackAt }: Omit<Pass, 'id' | 'person' | 'givenBy'>,
  lang: 'zh' | 'en',
): string {
  const words = {
    zh: { waiting: '待复核启用', released: '已启用', takenBack: '已收回' },
    en: { waiting: 'waits for its release', released: 'released', takenBack: 'taken back' },
  }[lang]
  if (takenBackAt) return `${words.takenBack} ${localTime(takenBackAt)}`
  return releasedAt ? `${words.released} ${localTime(releasedAt)}` : `${words.waiting} ${localTime(givenAt)}`
}
