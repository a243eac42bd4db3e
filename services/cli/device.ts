import { Fault } from '../foundation/errors.ts'
import { type AccessSessionOptions, withAccess } from './access-session.ts'
import { type CommandContext, type Decision, deciding, isApproved, jsonOption } from './command.ts'
import { addDeviceActs } from './device-acts.ts'
import { addDeviceList } from './device-list.ts'
import { type ExitCode, exitCodes } from './exit.ts'
import { personIdOf } from './spare.ts'
import type { Terminal } from './terminal.ts'

interface DeviceOptions extends AccessSessionOptions {
  readonly json?: boolean
  readonly lang: 'zh' | 'en'
}

/** Adds `custody device`. */
export function addDevices(context: CommandContext): void {
  const { program, terminal, end, reaching } = context
  const device = program
    .command('device')
    .description('the device register (设备台账): who keeps a device, issue and return, repair, loan, loss, retirement')
  const add = (usage: string, description: string) =>
    reaching(device.command(usage).description(description)).addOption(jsonOption())

  add('ask-keeper <serial>', 'as administrator or supervisor: ask that a device go to a keeper, or back to the unit')
    .option('--keeper <account>', 'who is to keep it')
    .option('--unit', 'it goes back to the unit')
    .requiredOption('--note <text>', 'why')
    .action(async (serial, options) => end(await askKeeperCommand(terminal, serial, options)))
  deciding(
    add('decide-keeper <serial>', 'as the person concerned, or as supervisor in his place: confirm the change'),
  ).action(async (serial, options) => end(await decideKeeperCommand(terminal, serial, options)))
  addDeviceActs(context, add)
  addDeviceList(context, add)
}

async function askKeeperCommand(
  terminal: Terminal,
  serial: string,
  options: DeviceOptions & { keeper?: string; unit?: boolean; note: string },
): Promise<ExitCode> {
  const { keeper, unit = false, note } = options
  if ((keeper === undefined) !== unit) throw new Fault('bad_request', 'say one of --keeper and --unit')
  const answer = await withAccess(terminal, options, async (client) => {
    const holderId = keeper === undefined ? null : await personIdOf(client, keeper)
    return client.post(`/devices/${encodeURIComponent(serial)}/keeper`, { holderId, note })
  })
  const done = { zh: '已提出，须由本人确认', en: 'asked for; the person concerned must confirm it' }
  terminal.out(options.json ? answer : done[options.lang])
  return exitCodes.fine
}

async function decideKeeperCommand(
  terminal: Terminal,
  serial: string,
  options: DeviceOptions & Decision,
): Promise<ExitCode> {
  const confirm = isApproved(options)
  await withAccess(terminal, options, (client) =>
    client.post(`/devices/${encodeURIComponent(serial)}/keeper/decision`, { confirm }),
  )
  const done = confirm ? { zh: '已确认变更保管人', en: 'the keeper has changed' } : { zh: '未同意', en: 'refused' }
  terminal.out(options.json ? '{}' : done[options.lang])
  return exitCodes.fine
}
