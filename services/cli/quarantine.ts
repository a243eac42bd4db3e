import type { Command } from 'commander'
import { Option } from 'commander'
import { quarantineOutcomeNames, quarantineReasonNames } from '../custody/events/words.ts'
import type { ShownBatch } from '../custody/lists/batch.ts'
import { type QuarantineOutcome, type QuarantineReason, quarantineOutcomes } from '../foundation/db/words.ts'
import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface ListOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Quarantined {
  readonly recordingId: string
  readonly deviceSerial: string
  readonly name: { readonly text: string }
  readonly reason: QuarantineReason
  readonly sealedAt: string
  readonly proposal: {
    readonly id: string
    readonly outcome: QuarantineOutcome
    readonly reason: string
    readonly proposedBy: { readonly name: string }
    readonly batchId: string | null
  } | null
}

/** Adds `custody quarantine`. */
export function addQuarantine({ program, terminal, end, reaching }: CommandContext): void {
  const quarantine = program.command('quarantine').description('footage that waits for custodian and supervisor')
  const add = (usage: string, description: string): Command =>
    reaching(quarantine.command(usage).description(description)).addOption(jsonOption())
  const outcome = () => new Option('--outcome <word>').choices(quarantineOutcomes).makeOptionMandatory()

  add('list', 'what lies in quarantine, with the proposals that wait').action(async (options) =>
    end(await listCommand(terminal, options)),
  )
  add('propose <recording>', 'as custodian: what should become of a recording')
    .addOption(outcome())
    .requiredOption('--reason <text>', 'why')
    .action(async (recording, options) => end(await proposeCommand(terminal, recording, options)))
  deciding(
    add('decide <recording>', 'as supervisor: show the proposal for a recording, and agree to it or refuse it'),
  ).action(async (recording, options) => end(await decideCommand(terminal, recording, options)))
  add('propose-card <serial>', 'as custodian: one outcome for all of a card that stood on no signed list')
    .addOption(outcome())
    .requiredOption('--reason <text>', 'why')
    .option('--hand-in <id>', 'only what came in this hand-in')
    .action(async (serial, options) => end(await proposeCardCommand(terminal, serial, options)))
  add('show-card <batch>', 'what waits of a batch, item by item, with the digest that is signed').action(
    async (batch, options) => end(await showCardCommand(terminal, batch, options)),
  )
  deciding(
    add('decide-card <batch>', 'as supervisor: agree to all of a batch that waits, or refuse it, by one signature'),
  )
    .requiredOption('--list <sha256>', 'the digest of the list that show-card printed for this decision')
    .action(async (batch, options) => end(await decideCardCommand(terminal, batch, options)))
}

async function listCommand(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const recordings = await withAccess(terminal, options, readQuarantine)
  if (options.json) terminal.out(JSON.stringify(recordings))
  else {
    const lines = recordings.map((one) => quarantinedLine(one, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '没有待核实资料', en: 'nothing lies in quarantine' })
  }
  return exitCodes.fine
}

/** `RECORDING/PROPOSAL` first where one waits, as `custody sign-list quarantine.resolved` takes it. */
function quarantinedLine(one: Quarantined, language: 'zh' | 'en'): string {
  const { recordingId, deviceSerial, name, reason, sealedAt, proposal } = one
  const why = language === 'zh' ? quarantineReasonNames[reason] : reason
  const item = proposal ? `${recordingId}/${proposal.id}` : recordingId
  return [item, deviceSerial, name.text, why, localTime(sealedAt), ...proposalCells(proposal, language)].join('  ')
}

function proposalCells(proposal: Quarantined['proposal'], language: 'zh' | 'en'): string[] {
  if (!proposal) return [language === 'zh' ? '尚无处理意见' : 'nothing proposed yet']
  const { outcome, reason, proposedBy, batchId } = proposal
  const card = language === 'zh' ? '整卡' : 'card'
  return [
    quarantineOutcomeNames[outcome][language],
    reason,
    proposedBy.name,
    ...(batchId ? [`${card} ${batchId}`] : []),
  ]
}

async function readQuarantine(client: AccessClient): Promise<Quarantined[]> {
  return ((await client.json('/quarantine')) as { recordings: Quarantined[] }).recordings
}

async function proposeCommand(
  terminal: Terminal,
  recording: string,
  options: ListOptions & { outcome: string; reason: string },
): Promise<ExitCode> {
  const { outcome, reason } = options
  const path = `/quarantine/${encodeURIComponent(recording)}/proposals`
  const answer = await withAccess(terminal, options, (client) => client.post(path, { outcome, reason }))
  const { id } = JSON.parse(answer) as { id: string }
  const done = { zh: `已提议，须由分管领导决定：${id}`, en: `proposed; a supervisor must decide: ${id}` }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  recording: string,
  options: ListOptions & Decision,
): Promise<ExitCode> {
  const confirmed = isApproved(options)
  const answer = await withAccess(terminal, options, async (client) => {
    const shown = (await readQuarantine(client)).find(({ recordingId }) => recordingId === recording)
    if (!shown) throw new Fault('not_found', `${recording} does not lie in quarantine`)
    if (!options.json) terminal.out(printable(quarantinedLine(shown, options.lang)))
    return client.post(`/quarantine/${encodeURIComponent(recording)}/decision`, { confirmed })
  })
  const done = confirmed ? { zh: '已同意', en: 'agreed to' } : { zh: '未同意', en: 'refused' }
  terminal.out(options.json ? answer : done[options.lang])
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
      const becomes = quarantineOutcomeNames[outcome][options.lang]
      const shown = [at + 1, recordingId, item.deviceSerial, name.text, `${bytes} B`, item.sha256, becomes, item.reason]
      terminal.out(printable(shown.join('  ')))
    }
    terminal.out(`--approve --list ${sha256.confirmed}`)
    terminal.out(`--refuse --list ${sha256.refused}`)
  }
  return exitCodes.fine
}

async function decideCardCommand(
  terminal: Terminal,
  batch: string,
  options: ListOptions & Decision & { list: string },
): Promise<ExitCode> {
  const path = `/quarantine/batches/${encodeURIComponent(batch)}/decision`
  const body = { confirmed: isApproved(options), sha256: options.list }
  const answer = await withAccess(terminal, options, (client) => client.post(path, body))
  const { recordings, sha256 } = JSON.parse(answer) as { recordings: number; sha256: string }
  const done = {
    zh: `已决定 ${recordings} 个文件，清单 ${sha256}`,
    en: `decided on ${recordings} recordings, list ${sha256}`,
  }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}
