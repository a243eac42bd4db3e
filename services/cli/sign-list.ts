import { listedKinds } from '../custody/events/signed-list.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { printable, type Terminal } from './terminal.ts'

interface SignListOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly list?: string
}

interface ShownList {
  readonly sha256: string
  readonly items: readonly { readonly id: string; readonly zh: string; readonly en: string }[]
}

/** Adds `custody sign-list`. */
export function addSignList({ program, terminal, end, reaching }: CommandContext): void {
  reaching(
    program
      .command('sign-list <act> <item...>')
      .description('show up to 20 light acts of one kind in words; with --list sign them all by one signature'),
  )
    .option('--list <sha256>', 'the digest of the list as it was shown: signs it')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nActs: ${listedKinds.join(', ')}. An item is ID/PROPOSAL, as \`custody quarantine list\` and \`custody account openings\`\nprint it first; of a change of a keeper, a dock, a card or a code ID alone, as \`custody notices\` prints it last. All are agreed to,\nor none.`,
    )
    .action(async (act, items, options) => end(await signListCommand(terminal, { act, items }, options)))
}

async function signListCommand(
  terminal: Terminal,
  list: { act: string; items: readonly string[] },
  options: SignListOptions,
): Promise<ExitCode> {
  const { lang, json, list: sha256 } = options
  const items = list.items.map((item) => {
    const [id = '', proposalId = id] = item.split('/')
    return { act: list.act, id, proposalId }
  })
  const body = { confirmed: true, items }
  return withAccess(terminal, options, async (client) => {
    const look = await client.post('/signatures/lists?preview=true', body)
    const shown = JSON.parse(look) as ShownList
    if (sha256 === undefined) {
      if (json) terminal.out(look)
      else {
        for (const [at, item] of shown.items.entries()) terminal.out(printable(`${at + 1}  ${item[lang]}`))
        terminal.out(`--list ${shown.sha256}`)
      }
      return exitCodes.fine
    }
    const answer = await client.post('/signatures/lists', { ...body, sha256 })
    if (json) terminal.out(answer)
    else for (const line of signedLines(answer, shown, lang)) terminal.out(printable(line))
    return exitCodes.fine
  })
}

function signedLines(answer: string, shown: ShownList, language: 'zh' | 'en'): string[] {
  const signed = JSON.parse(answer) as { sha256: string; items: { id: string; code: string | null }[] }
  const codeText = (code: string) => (language === 'zh' ? `复核码 ${code}（仅显示一次）` : `code ${code} (shown once)`)
  return [
    `${language === 'zh' ? '已签署清单' : 'signed, list'} ${signed.sha256}`,
    ...signed.items.map(({ id, code }) => {
      const words = shown.items.find((item) => item.id === id)?.[language] ?? id
      return code ? `${words}  ${codeText(code)}` : words
    }),
  ]
}
