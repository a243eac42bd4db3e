import { Fault } from '../foundation/errors.ts'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { readCalendar } from './calendar-table.ts'
import { type Decision, isApproved } from './command.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import { beginningOption, localTime } from './local-time.ts'
import { effectLines, type Language, type Setting, settingLines, type Version, versionLine } from './setting-text.ts'
import { printable, type Terminal } from './terminal.ts'

export interface SettingOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: Language
}

/** Fewer characters name no rule; the service refuses them too. */
const sourceLengthMin = 4

type Effect = readonly { readonly zh: string; readonly en: string }[]

/** Lists every setting, or shows one of them with what comes and what is proposed. */
export async function showSettingsCommand(
  terminal: Terminal,
  key: string | null,
  options: SettingOptions,
): Promise<ExitCode> {
  const settings = await withAccess(terminal, options, readSettings)
  const shown = key === null ? settings : [settingOf(settings, key)]
  if (options.json) terminal.out(JSON.stringify(key === null ? shown : shown[0]))
  else for (const setting of shown) printLines(terminal, settingLines(setting, options.lang, key === null))
  return exitCodes.fine
}

/** Shows what a new value would do, and proposes it unless `preview` is given. */
export async function proposeSettingCommand(
  terminal: Terminal,
  asked: { key: string; value: string | undefined },
  options: SettingOptions & { source: string; from?: string; csv?: string; preview?: boolean },
): Promise<ExitCode> {
  const { key } = asked
  requireSource(options.source, options.lang)
  const validFrom = options.from === undefined ? null : beginningOption('--from', options.from)
  const body = { value: await givenValue(asked, options.csv), source: options.source, validFrom }
  const path = `/settings/${encodeURIComponent(key)}/proposals`
  return withAccess(terminal, options, async (client) => {
    const { effect } = JSON.parse(await client.post(`${path}?preview=true`, body)) as { effect: Effect }
    if (!options.json) printLines(terminal, effectLines(effect, options.lang))
    if (options.preview) {
      if (options.json) terminal.out(JSON.stringify({ effect }))
      return exitCodes.fine
    }
    const proposed = JSON.parse(await client.post(path, body)) as { id: string; effect: Effect }
    if (options.json) terminal.out(JSON.stringify(proposed))
    else {
      const done = {
        zh: `已提议，须由另一人决定：${key}`,
        en: `proposed; another person must decide on it: ${key}`,
      }
      printLines(terminal, [done[options.lang]])
    }
    return exitCodes.fine
  })
}

/** Accepts or refuses the open proposal, whose effect is shown first. */
export async function decideSettingCommand(
  terminal: Terminal,
  key: string,
  options: SettingOptions & Decision & { reason?: string },
): Promise<ExitCode> {
  const accept = isApproved(options)
  return withAccess(terminal, options, async (client) => {
    const open = await openProposal(client, key)
    if (!options.json) printLines(terminal, effectLines(open.effect, options.lang))
    const path = `/settings/${encodeURIComponent(key)}/proposals/${open.id}/decision`
    const answer = await client.post(path, { accept, reason: options.reason })
    const { state, validFrom } = JSON.parse(answer) as { state: 'accepted' | 'refused'; validFrom: string }
    const done = {
      accepted: {
        zh: `已同意，自 ${localTime(validFrom)} 起生效：${key}`,
        en: `accepted, in force from ${localTime(validFrom)}: ${key}`,
      },
      refused: { zh: `未同意：${key}`, en: `refused: ${key}` },
    }
    if (options.json) terminal.out(answer)
    else printLines(terminal, [done[state][options.lang]])
    return exitCodes.fine
  })
}

/** Withdraws one's own open proposal. */
export async function withdrawSettingCommand(
  terminal: Terminal,
  key: string,
  options: SettingOptions,
): Promise<ExitCode> {
  await withAccess(terminal, options, async (client) => {
    const open = await openProposal(client, key)
    await client.delete(`/settings/${encodeURIComponent(key)}/proposals/${open.id}`)
  })
  if (options.json) terminal.out(JSON.stringify({ withdrawn: key }))
  else printLines(terminal, [options.lang === 'zh' ? `已撤回：${key}` : `withdrawn: ${key}`])
  return exitCodes.fine
}

/** Every version of a setting that was ever proposed. */
export async function settingHistoryCommand(
  terminal: Terminal,
  key: string,
  options: SettingOptions,
): Promise<ExitCode> {
  const { versions } = (await withAccess(terminal, options, (client) =>
    client.json(`/settings/${encodeURIComponent(key)}/history`),
  )) as { versions: Version[] }
  if (options.json) terminal.out(JSON.stringify(versions))
  else {
    const lines = versions.map((version) => versionLine(version, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '从未提议更改', en: 'no other value was ever proposed' })
  }
  return exitCodes.fine
}

/** @throws bad_request */
function requireSource(source: string, language: Language): void {
  if ([...source.trim()].length >= sourceLengthMin) return
  const why = {
    zh: `--source：应写明依据（文件名称或会议纪要），至少 ${sourceLengthMin} 个字：“${source}”`,
    en: `--source: name the rule or decision that says so, in ${sourceLengthMin} characters at least: '${source}'`,
  }
  throw new Fault('bad_request', why[language])
}

async function openProposal(client: AccessClient, key: string): Promise<Version & { effect: Effect }> {
  const { open } = settingOf(await readSettings(client), key)
  if (open) return open
  throw new Fault('conflict', `${key}: no proposal is open`)
}

async function readSettings(client: AccessClient): Promise<Setting[]> {
  return ((await client.json('/settings')) as { settings: Setting[] }).settings
}

function settingOf(settings: readonly Setting[], key: string): Setting {
  const found = settings.find((one) => one.key === key)
  if (found) return found
  throw new Fault('not_found', `there is no setting ${key}: \`custody setting list\` shows all of them`)
}

async function givenValue({ key, value }: { key: string; value: string | undefined }, csv: string | undefined) {
  if ((value === undefined) === (csv === undefined)) {
    throw new Fault('bad_request', `${key}: give either a value or --csv`)
  }
  if (csv !== undefined) {
    if (key === 'calendar.days') return readCalendar(csv)
    throw new Fault('bad_request', `${key}: only calendar.days is read from a table`)
  }
  try {
    return JSON.parse(value!) as unknown
  } catch (cause) {
    throw new Fault('bad_request', `${key}: the value is JSON, such as 5 or true; this is not: ${value}`, { cause })
  }
}

function printLines(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) terminal.out(printable(line))
}
