import { type Command, Option } from 'commander'
import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface SpareOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Spare {
  readonly person: { readonly name: string }
  readonly sealNumber: string
  readonly place: string
  readonly state: keyof (typeof states)['zh']
  readonly sealedBy: { readonly name: string }
  readonly sealedAt: string
  readonly sealedWith: { readonly name: string }
}

const states = {
  zh: { not_confirmed: '待核对', sealed: '已密封', opened: '已启封', used: '已使用', replaced: '已更换' },
  en: { not_confirmed: 'not confirmed', sealed: 'sealed', opened: 'opened', used: 'used', replaced: 'replaced' },
} as const

/** Adds `custody spare`. `reaching` adds the options with which a command signs in. */
export function addSpares(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const { terminal, end } = context
  const spare = program
    .command('spare')
    .description('sealed spare codes, for when nobody is there to release an account; PERSON is an account name')
  const add = (usage: string, description: string) =>
    context
      .reaching(spare.command(usage).description(description))
      .addOption(new Option('--json', 'print one JSON value instead of lines'))
  const sealNumber = () => new Option('--seal <number>', 'the number on the seal').makeOptionMandatory()
  const post = async (who: string, path: string, options: SpareOptions & { seal: string }, body: object = {}) =>
    withAccess(terminal, options, async (client) => {
      const personId = await personIdOf(client, who)
      return client.post(`/people/${personId}/spare${path}`, { sealNumber: options.seal, ...body })
    })
  const done = (options: SpareOptions, answer: string, text: { zh: string; en: string }) => {
    terminal.out(options.json ? answer || '{}' : printable(text[options.lang]))
    end(exitCodes.fine)
  }

  add('list', 'envelopes, their seals and places, and how each stands').action(async (options) => {
    await listCommand(terminal, options)
    end(exitCodes.fine)
  })
  add('seal <person>', 'make a code, printed once for the envelope; the second person confirms it')
    .addOption(sealNumber())
    .requiredOption('--place <text>', 'where the envelope is kept')
    .requiredOption('--with <account>', 'who sees it being sealed')
    .action(async (person, options) => {
      const { place } = options
      const answer = await withAccess(terminal, options, async (client) => {
        const [personId, withPersonId] = [await personIdOf(client, person), await personIdOf(client, options.with)]
        return client.post(`/people/${personId}/spare`, { sealNumber: options.seal, place, withPersonId })
      })
      const { code } = JSON.parse(answer) as { code: string }
      done(options, answer, {
        zh: `备用码 ${code}（仅显示一次，请装入信封，封条 ${options.seal}）；须由 ${options.with} 核对后生效`,
        en: `code ${code} (shown once, for the envelope with seal ${options.seal}); it counts when ${options.with} has confirmed it`,
      })
    })
  add('confirm <person>', 'confirm, as second person, that the envelope has this seal and lies in its place')
    .addOption(sealNumber())
    .action(async (person, options) =>
      done(options, await post(person, '/confirmation', options), { zh: '已核对', en: 'confirmed' }),
    )
  add('ask-open <person>', 'ask that the envelope be opened; another person opens it with you')
    .addOption(sealNumber())
    .requiredOption('--reason <text>', 'why')
    .action(async (person, options) => {
      const answer = await post(person, '/opening-request', options, { reason: options.reason })
      done(options, answer, { zh: '已申请，须由另一人一同启封', en: 'asked for; another person must open it' })
    })
  add('open <person>', 'open the envelope as second person: its code counts from now on, once')
    .addOption(sealNumber())
    .action(async (person, options) => {
      const answer = await post(person, '/opening', options)
      const until = localTime((JSON.parse(answer) as { expiresAt: string }).expiresAt)
      done(options, answer, { zh: `已启封，备用码在 ${until} 前有效`, en: `opened; the code holds until ${until}` })
    })
}

async function listCommand(terminal: Terminal, options: SpareOptions): Promise<void> {
  const answer = await withAccess(terminal, options, (client) => client.json('/spares'))
  const { spares } = answer as { spares: Spare[] }
  if (options.json) return terminal.out(JSON.stringify(spares))
  const lines = spares.map(({ person, sealNumber, place, state, sealedBy, sealedWith, sealedAt }) => {
    const sealers = `${sealedBy.name} + ${sealedWith.name}`
    return [person.name, sealNumber, states[options.lang][state], place, sealers, localTime(sealedAt)].join('  ')
  })
  tellLines(terminal, options.lang, lines, { zh: '没有密封备用码', en: 'there is no sealed spare code' })
}

/** @throws not_found */
export async function personIdOf(client: AccessClient, account: string): Promise<string> {
  const { people } = (await client.json('/people')) as { people: { id: string; account: string }[] }
  const person = people.find((one) => one.account === account)
  if (person) return person.id
  throw new Fault('not_found', `there is no account ${account}`)
}
