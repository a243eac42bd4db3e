import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { localTime } from './local-time.ts'
import { printable, type Terminal } from './terminal.ts'

interface FilmOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

interface Supply {
  readonly id: string
  readonly recordingId: string
  readonly tool: string
  readonly toolVersion: string
  readonly how: string
  readonly bytes: number
  readonly sha256: string
  readonly proposedBy: { readonly name: string }
  readonly proposedAt: string
}

/** Adds `custody supplied-film`. */
export function addSuppliedFilms({ program, terminal, end, reaching }: CommandContext): void {
  const film = program
    .command('supplied-film')
    .description('films that a vendor’s own player made of recordings that cannot be played here')
  const add = (usage: string, description: string) =>
    reaching(film.command(usage).description(description)).addOption(jsonOption())

  add('list', 'what waits for a decision').action(async (options) => end(await listCommand(terminal, options)))
  deciding(add('decide <id>', 'as supervisor: show a film that was supplied, and agree to it or refuse it'))
    .requiredOption('--reason <text>', 'why, 4 characters at least')
    .action(async (id, options) => end(await decideCommand(terminal, id, options)))
}

async function listCommand(terminal: Terminal, options: FilmOptions): Promise<ExitCode> {
  const supplies = await withAccess(terminal, options, readWaiting)
  if (options.json) terminal.out(JSON.stringify(supplies))
  else {
    tellLines(terminal, options.lang, supplies.map(supplyLine), {
      zh: '没有待决定的外部播放件',
      en: 'no supplied film waits for a decision',
    })
  }
  return exitCodes.fine
}

async function decideCommand(
  terminal: Terminal,
  id: string,
  options: FilmOptions & Decision & { reason: string },
): Promise<ExitCode> {
  const body = { confirm: isApproved(options), reason: options.reason }
  const answer = await withAccess(terminal, options, async (client) => {
    const shown = (await readWaiting(client)).find((one) => one.id === id)
    if (!shown) throw new Fault('not_found', `no supplied film ${id} waits for a decision`)
    if (!options.json) terminal.out(printable(supplyLine(shown)))
    return client.post(`/recordings/${shown.recordingId}/supplied-renditions/${shown.id}/decision`, body)
  })
  const done = body.confirm
    ? { zh: '已同意，正在制作', en: 'agreed to; it is being made' }
    : { zh: '未同意', en: 'refused' }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

function supplyLine({
  id,
  recordingId,
  tool,
  toolVersion,
  how,
  bytes,
  sha256,
  proposedBy,
  proposedAt,
}: Supply): string {
  const by = `${proposedBy.name} ${localTime(proposedAt)}`
  return [id, recordingId, `${tool} ${toolVersion}`, how, `${bytes} B`, sha256, by].join('  ')
}

async function readWaiting(client: AccessClient): Promise<Supply[]> {
  return ((await client.json('/supplied-renditions')) as { supplies: Supply[] }).supplies
}
