import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { kindName } from '../custody/events/kinds.ts'
import { thirdSignedActs } from '../custody/signing/third-matter.ts'
import { Fault } from '../foundation/errors.ts'
import { sha256 } from '../foundation/hash.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface ThirdOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Third {
  readonly id: string
  readonly act: string
  readonly name: string
  readonly office: string
  readonly state: keyof (typeof states)['zh']
  readonly confirmBy: string
}

const states = {
  zh: { waits: '待核对', confirmed: '已核对', refused: '核对不符' },
  en: { waits: 'waits', confirmed: 'confirmed', refused: 'refused' },
} as const

/** Adds `custody third-signature`. `reaching` adds the options with which a command signs in. */
export function addThirdSignatures(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const { terminal, end } = context
  const third = program
    .command('third-signature')
    .description('signatures of other offices under acts whose own two names do not count as two')
  const add = (usage: string, description: string) =>
    context
      .reaching(third.command(usage).description(description))
      .addOption(new Option('--json', 'print one JSON value instead of lines'))

  add('list', 'third signatures, and whether an auditor has confirmed them').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add('add', 'add a sheet of paper that was signed by hand, by the digest of its scan')
    .addOption(new Option('--act <kind>', 'the act').choices(thirdSignedActs).makeOptionMandatory())
    .requiredOption(
      '--about <id>',
      'the package, recording, outgoing custodian, device, dock, setting, deputy or account',
    )
    .option('--matter <id>', 'the proposal, supplied film, hand-over, change of a keeper, deputyship or spare code')
    .requiredOption('--scan <file>', 'the scan; only its digest is sent')
    .requiredOption('--name <text>', 'who signed the sheet')
    .requiredOption('--office <text>', 'for which office')
    .action(async (options) => end(await addCommand(terminal, options)))
  add('confirm <id>', 'as auditor: the sheet is there, and signed by whom it says').action(async (id, options) =>
    end(await decideCommand(terminal, options, { id, confirm: true, reason: null })),
  )
  add('refuse <id>', 'as auditor: something does not agree')
    .requiredOption('--reason <text>', 'what')
    .action(async (id, options) =>
      end(await decideCommand(terminal, options, { id, confirm: false, reason: options.reason })),
    )
}

async function listCommand(terminal: Terminal, options: ThirdOptions): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, (client) => client.json('/signatures/third'))
  const { signatures } = answer as { signatures: Third[] }
  if (options.json) terminal.out(JSON.stringify(signatures))
  else {
    const lines = signatures.map(({ id, act, name, office, state, confirmBy }) =>
      [id, states[options.lang][state], kindName(act, options.lang), name, office, localTime(confirmBy)].join('  '),
    )
    tellLines(terminal, options.lang, lines, { zh: '没有第三方签署', en: 'there is no third signature' })
  }
  return exitCodes.fine
}

async function addCommand(
  terminal: Terminal,
  options: ThirdOptions & { act: string; about: string; matter?: string; scan: string; name: string; office: string },
): Promise<ExitCode> {
  const { act, about: subjectId, matter = null, name, office } = options
  const scan = await readFile(options.scan).catch((cause: unknown) => {
    throw new Fault('bad_request', `--scan ${options.scan}: it cannot be read`, { cause })
  })
  const body = { act, subjectId, matter, name, office, scanSha256: sha256(scan).toString('hex') }
  const answer = await withAccess(terminal, options, (client) => client.post('/signatures/third', body))
  const { id, confirmBy } = JSON.parse(answer) as { id: string; confirmBy: string }
  const until = localTime(confirmBy)
  const done = {
    zh: `已登记 ${id}，须由法制办在 ${until} 前核对原件`,
    en: `added ${id}; an auditor must confirm it by ${until}`,
  }
  terminal.out(options.json ? answer : printable(done[options.lang]))
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  options: ThirdOptions,
  decision: { id: string; confirm: boolean; reason: string | null },
): Promise<ExitCode> {
  const { id, ...body } = decision
  await withAccess(terminal, options, (client) =>
    client.post(`/signatures/third/${encodeURIComponent(id)}/decision`, body),
  )
  const state = decision.confirm ? 'confirmed' : 'refused'
  terminal.out(options.json ? JSON.stringify({ id, state }) : states[options.lang][state])
  return exitCodes.fine
}
