import type { Command } from 'commander'
import type { AccessClient } from './access-client.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import type { CommandContext } from './command.ts'
import { tellTable } from './csv-table.ts'
import { type DeviceCard, deviceCardLines, deviceLine } from './device-text.ts'
import { deviceTable, type RegisteredDevice, type RegisteredPerson } from './devices-csv.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { tellLines } from './lines.ts'
import type { Terminal } from './terminal.ts'

interface DeviceOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
  readonly csv?: boolean
}

/** Adds `custody device list` and `show`. `add` makes a command that signs in. */
export function addDeviceList(
  { terminal, end }: CommandContext,
  add: (usage: string, description: string) => Command,
): void {
  add('list', 'as administrator, supervisor, auditor or custodian: every device, its keeper and its state')
    .option('--csv', 'print a table, as custody devices export writes it')
    .action(async (options) => end(await listCommand(terminal, options)))
  add('show <serial>', 'as the same: one device, what of it is missing, and the acts of its register').action(
    async (serial, options) => end(await showCommand(terminal, serial, options)),
  )
}

async function listCommand(terminal: Terminal, options: DeviceOptions): Promise<ExitCode> {
  const { devices, people } = await withAccess(terminal, options, async (client) => ({
    ...((await client.json('/devices')) as { devices: RegisteredDevice[] }),
    people: await peopleOf(client),
  }))
  if (options.json) terminal.out(JSON.stringify({ devices }))
  else if (options.csv) tellTable(terminal, deviceTable(devices, people))
  else {
    const lines = devices.map((device) => deviceLine(device, people, options.lang))
    tellLines(terminal, options.lang, lines, { zh: '设备台账为空', en: 'the register has no device' })
  }
  return exitCodes.fine
}

async function showCommand(terminal: Terminal, serial: string, options: DeviceOptions): Promise<ExitCode> {
  const path = `/devices/${encodeURIComponent(serial)}`
  const { people, ...card } = await withAccess(terminal, options, async (client) => ({
    ...((await client.json(path)) as Omit<DeviceCard, 'history'>),
    ...((await client.json(`${path}/history`)) as Pick<DeviceCard, 'history'>),
    people: await peopleOf(client),
  }))
  if (options.json) terminal.out(JSON.stringify(card))
  else {
    const lines = deviceCardLines(card, people, options.lang)
    tellLines(terminal, options.lang, lines, { zh: '没有这台设备', en: 'there is no such device' })
  }
  return exitCodes.fine
}

async function peopleOf(client: AccessClient): Promise<RegisteredPerson[]> {
  return ((await client.json('/people')) as { people: RegisteredPerson[] }).people
}
