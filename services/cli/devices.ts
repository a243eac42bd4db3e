import { writeFile } from 'node:fs/promises'
import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, jsonOption } from './command.ts'
import { csvFile } from './csv-table.ts'
import {
  deviceTable,
  type ImportPlan,
  planImport,
  type RegisteredDevice,
  type RegisteredPerson,
} from './devices-csv.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { labelPdf } from './label-pdf.ts'
import { labelPage } from './label-sheet.ts'
import { printable, type Terminal } from './terminal.ts'

interface DevicesOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

/** Adds `custody devices`. */
export function addDeviceTables({ program, terminal, end, reaching }: CommandContext): void {
  const devices = program.command('devices').description('the register of devices (设备台账): labels, CSV out and in')
  const add = (usage: string, description: string) => reaching(devices.command(usage).description(description))

  add('labels [serial...]', 'labels with a QR code for the desk and the dock, 24 of 70 × 37 mm on A4; none named: all')
    .option('--out <file>', 'where they are written: .pdf or .html', 'device-labels.pdf')
    .action(async (serials, options) => end(await labelsCommand(terminal, serials, options)))
  add('export <file>', 'write the register as CSV (UTF-8 with its mark, which Excel opens)').action(
    async (file, options) => end(await exportCommand(terminal, file, options)),
  )
  add(
    'import <file>',
    'as administrator: register what a CSV names and the register has not: serial,kind,model,holder,state',
  )
    .option('--preview', 'say what it would do, and do nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nUTF-8 or GBK. A holder is asked for; he confirms it himself. Devices that are there stay as they are.',
    )
    .action(async (file, options) => end(await importCommand(terminal, file, options)))
}

async function labelsCommand(
  terminal: Terminal,
  serials: readonly string[],
  options: DevicesOptions & { out: string },
): Promise<ExitCode> {
  const { out, lang } = options
  const kind = /\.(pdf|html)$/.exec(out)?.[1]
  if (kind === undefined) throw new Fault('bad_request', '--out: a file whose name ends with .pdf or .html')
  const registered = await withAccess(terminal, options, devicesOf)
  const unknown = serials.filter((serial) => !registered.some((device) => device.serial === serial))
  if (unknown.length > 0) throw new Fault('not_found', `the register has no ${unknown.join(', ')}`)
  const wanted = registered.filter(({ serial, state }) =>
    serials.length > 0 ? serials.includes(serial) : state !== 'retired',
  )
  await writeFile(out, kind === 'pdf' ? await labelPdf(wanted) : labelPage(wanted))
  const done = { zh: `${wanted.length} 张标签：${out}`, en: `${wanted.length} labels: ${out}` }
  terminal.out(printable(done[lang]))
  return exitCodes.fine
}

async function exportCommand(terminal: Terminal, file: string, options: DevicesOptions): Promise<ExitCode> {
  const { devices, people } = await withAccess(terminal, options, registerOf)
  await writeFile(file, csvFile(deviceTable(devices, people)))
  const done = { zh: `${devices.length} 台设备：${file}`, en: `${devices.length} devices: ${file}` }
  terminal.out(printable(done[options.lang]))
  return exitCodes.fine
}

async function importCommand(
  terminal: Terminal,
  file: string,
  options: DevicesOptions & { preview?: boolean },
): Promise<ExitCode> {
  const { preview = false, json, lang } = options
  const plan = await withAccess(terminal, options, async (client) => {
    const found = await registerOf(client)
    const made = await planImport(file, found)
    if (preview) return made
    for (const { serial, kind, model, state, holderId } of made.fresh) {
      await client.post('/devices', { serial, kind, model, state })
      if (holderId === null) continue
      await client.post(`/devices/${encodeURIComponent(serial)}/keeper`, { holderId, note: '随设备表导入' })
    }
    return made
  })
  if (json) terminal.out(JSON.stringify(plan))
  else tellPlan(terminal, plan, { preview, lang })
  return exitCodes.fine
}

function tellPlan(
  terminal: Terminal,
  { fresh, known, differing }: ImportPlan,
  { preview, lang }: { preview: boolean; lang: 'zh' | 'en' },
): void {
  const asked = fresh.filter(({ holderId }) => holderId !== null).length
  const told = {
    zh: `${preview ? '预览：将' : '已'}登记 ${fresh.length} 台（其中 ${asked} 台须保管人确认），已在册 ${known} 台`,
    en: `${preview ? 'preview: ' : ''}${fresh.length} registered (${asked} for their keeper to confirm), ${known} there already`,
  }
  terminal.out(told[lang])
  for (const { line, serial, member } of differing) {
    const differs = {
      zh: `第 ${line} 行 ${serial}：${member} 与台账不同，台账不变`,
      en: `line ${line}, ${serial}: ${member} is another in the register, which stays as it is`,
    }
    terminal.err(printable(differs[lang]))
  }
}

interface Reader {
  json(path: string): Promise<unknown>
}

async function devicesOf(client: Reader): Promise<readonly RegisteredDevice[]> {
  const { devices } = (await client.json('/devices')) as { devices: RegisteredDevice[] }
  return devices
}

async function registerOf(client: Reader) {
  const { people } = (await client.json('/people')) as { people: RegisteredPerson[] }
  return { devices: await devicesOf(client), people }
}
