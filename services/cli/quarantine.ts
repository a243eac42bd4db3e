import { type Command, Option } from 'commander'
import { listedKinds } from '../custody/events/signed-list.ts'
import type { ShownBatch } from '../custody/lists/batch.ts'
import { quarantineOutcomes } from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface ListOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Quarantined {
  readonly recordingId: string
  readonly deviceSerial: string
  readonly reason: string
  readonly sealedAt: string
  readonly proposal: { readonly id: string; readonly outcome: string; readonly batchId: string | null } | null
}

/** Adds `custody quarantine` and `custody sign-list`. `reaching` adds the options with which a command signs in. */
export function addLists(
  program: Command,
  context: { terminal: Terminal; end: (code: ExitCode) => void; reaching: (command: Command) => Command },
): void {
  const { terminal, end } = context
  const reaching = (command: Command) =>
    context.reaching(command).addOption(new Option('--json', 'print one JSON value instead of lines'))
  const quarantine = program.command('quarantine').description('footage that waits for custodian and supervisor')
  const add = (usage: string, description: string) => reaching(quarantine.command(usage).description(description))

  add('list', 'what lies in quarantine, with the proposals that wait').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add('propose-card <serial>', 'as custodian: one outcome for all of a card that stood on no signed list')
    .addOption(new Option('--outcome <word>').choices(quarantineOutcomes).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why')
    .option('--hand-in <id>', 'only what came in this hand-in')
    .action(async (serial, options) => end(await proposeCardCommand(terminal, serial, options)))
  add('show-card <batch>', 'what waits of a batch, item by item, with the digest that is signed').action(
    async (batch, options) => end(await showCardCommand(terminal, batch, options)),
  )
  add('decide-card <batch>', 'as supervisor: confirm all of a batch that waits, or turn it down, by one signature')
    .option('--confirm')
    .option('--refuse')
    .requiredOption('--list <sha256>', 'the digest of the list that show-card printed for this decision')
    .action(async (batch, options) => end(await decideCardCommand(terminal, batch, options)))

  reaching(
    program.command('sign-list <act> <item...>').description('sign up to 20 light acts of one kind by one signature'),
  )
    .addHelpText(
      'after',
      `\nActs: ${listedKinds.join(', ')}. An item is ID/PROPOSAL: recording and proposal, person and opening; of a change\nof a keeper and of a dock ID alone. All are confirmed, or none.`,
    )
    .action(async (act, items, options) => end(await signListCommand(terminal, { act, items }, options)))
}

async function listCommand(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const answer = await withAccess(terminal, options, (client) => client.json('/quarantine'))
  const { recordings } = answer as { recordings: Quarantined[] }
  if (options.json) terminal.out(JSON.stringify(recordings))
  else {
    for (const { recordingId, deviceSerial, reason, sealedAt, proposal } of recordings) {
      const batch = proposal?.batchId ? [`batch ${proposal.batchId}`] : []
      const proposed = proposal ? [`${proposal.outcome} ${proposal.id}`, ...batch] : []
      terminal.out(printable([recordingId, deviceSerial, reason, localTime(sealedAt), ...proposed].join('  ')))
    }
  }
  return exitCodes.fine
}

async function proposeCardCommand(
  terminal: Terminal,
  deviceSerial: string,
  options: ListOptions & { outcome: string; reason: string; handIn?: string },
): Promise<ExitCode> {
  const { outcome, reason, handIn: handInId = null } = options
  const body = { deviceSerial, handInId, outcome, reason }
  const answer = await withAccess(terminal, options, (client) => client.post('/quarantine/batches', body))
  const { id, recordings, twins } = JSON.parse(answer) as { id: string; recordings: number; twins: number }
  const apart = {
    zh: twins === 0 ? '' : `（其中 ${twins} 个与其他文件相同，另存备查）`,
    en: twins === 0 ? '' : ` (${twins} of them are the same as another file: kept apart)`,
  }
  const done = {
    zh: `已提议 ${recordings} 个文件${apart.zh}，须由分管领导决定：${id}`,
    en: `proposed for ${recordings} recordings${apart.en}; a supervisor must decide: ${id}`,
  }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function showCardCommand(terminal: Terminal, batch: string, options: ListOptions): Promise<ExitCode> {
  const path = `/quarantine/batches/${encodeURIComponent(batch)}`
  const answer = await withAccess(terminal, options, (client) => client.json(path))
  if (options.json) terminal.out(JSON.stringify(answer))
  else {
    const { items, sha256 } = answer as ShownBatch
    for (const [at, { recordingId, name, bytes, outcome, ...item }] of items.entries()) {
      const shown = [at + 1, recordingId, item.deviceSerial, name.text, `${bytes} B`, item.sha256, outcome, item.reason]
      terminal.out(printable(shown.join('  ')))
    }
    terminal.out(`--confirm --list ${sha256.confirmed}`)
    terminal.out(`--refuse --list ${sha256.refused}`)
  }
  return exitCodes.fine
}

async function decideCardCommand(
  terminal: Terminal,
  batch: string,
  options: ListOptions & { confirm?: boolean; refuse?: boolean; list: string },
): Promise<ExitCode> {
  if (Boolean(options.confirm) === Boolean(options.refuse)) {
    throw new Fault('bad_request', 'say one of --confirm and --refuse')
  }
  const path = `/quarantine/batches/${encodeURIComponent(batch)}/decision`
  const body = { confirmed: Boolean(options.confirm), sha256: options.list }
  const answer = await withAccess(terminal, options, (client) => client.post(path, body))
  const { recordings, sha256 } = JSON.parse(answer) as { recordings: number; sha256: string }
  const done = {
    zh: `已决定 ${recordings} 个文件，清单 ${sha256}`,
    en: `decided on ${recordings} recordings, list ${sha256}`,
  }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function signListCommand(
  terminal: Terminal,
  list: { act: string; items: readonly string[] },
  options: ListOptions,
): Promise<ExitCode> {
  const items = list.items.map((item) => {
    const [id = '', proposalId = id] = item.split('/')
    return { act: list.act, id, proposalId }
  })
  const body = { confirmed: true, items }
  const answer = await withAccess(terminal, options, (client) => client.post('/signatures/lists', body))
  const signed = JSON.parse(answer) as { sha256: string; items: { id: string; code: string | null }[] }
  if (options.json) terminal.out(answer)
  else {
    terminal.out(`${options.lang === 'zh' ? '已签署清单' : 'signed, list'} ${signed.sha256}`)
    for (const { id, code } of signed.items) terminal.out(code ? `${id}  ${code}` : id)
  }
  return exitCodes.fine
}
