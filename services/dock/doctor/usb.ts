import { join } from 'node:path'
import type { Finding, Surroundings } from './finding.ts'
import { namesIn, textAt } from './read-tree.ts'

export type UsbCode =
  | 'usb_storage_blocked'
  | 'usb_ports_locked'
  | 'usb_guard_runs'
  | 'usb_device_refused'
  | 'usb_power_saving'
  | 'usb_hub_weak'
  | 'usb_well'

/** A hub that lives from its own port gives each of its ports 100 mA (USB 2.0, 7.2.1.1), all together what its port gives. */
const busPoweredHubMilliamperes = 500
/** bmAttributes, bit 6: the device has its own power (USB 2.0, table 9-10). */
const selfPoweredBit = 0x40
const hubClass = '09'

/** What of the computer's USB ports keeps recorders away: device control, power saving, hubs with too little current. */
export async function examineUsb(surroundings: Surroundings): Promise<Finding<UsbCode>[]> {
  const devices = await usbDevices(surroundings.root)
  const found = [
    ...(await blockedDrivers(surroundings.root)),
    ...(await deviceControl(surroundings)),
    ...lockedPorts(devices),
    ...powerSaving(devices),
    ...weakHubs(devices),
  ]
  return found.length > 0 ? found : [{ code: 'usb_well', grade: 'well', values: { devices: devices.length } }]
}

interface UsbDevice {
  /** `1-2.3`: bus 1, port 2 of its root hub, port 3 of the hub there; `usb1` is a root hub. */
  readonly name: string
  readonly product: string
  readonly isHub: boolean
  readonly isSelfPowered: boolean
  readonly milliamperes: number
  readonly powerControl: string | null
  readonly authorized: string | null
  readonly authorizedDefault: string | null
}

async function usbDevices(root: string): Promise<UsbDevice[]> {
  const folder = join(root, 'sys/bus/usb/devices')
  const names = (await namesIn(folder)).filter((name) => /^(usb\d+|\d+-[\d.]+)$/.test(name))
  return Promise.all(
    names.map(async (name) => {
      const at = (file: string) => textAt(join(folder, name, file))
      return {
        name,
        product: (await at('product')) ?? name,
        isHub: (await at('bDeviceClass')) === hubClass,
        isSelfPowered: (Number.parseInt((await at('bmAttributes')) ?? '0', 16) & selfPoweredBit) !== 0,
        milliamperes: Number.parseInt((await at('bMaxPower')) ?? '0', 10) || 0,
        powerControl: await at('power/control'),
        authorized: await at('authorized'),
        authorizedDefault: await at('authorized_default'),
      }
    }),
  )
}

/** Kernel drivers that a rule of the computer keeps from loading. */
async function blockedDrivers(root: string): Promise<Finding<UsbCode>[]> {
  const drivers = ['usb-storage', 'usb_storage', 'uas']
  const found: Finding<UsbCode>[] = []
  for (const folder of ['etc/modprobe.d', 'usr/lib/modprobe.d', 'run/modprobe.d']) {
    for (const name of (await namesIn(join(root, folder))).filter((each) => each.endsWith('.conf'))) {
      const text = (await textAt(join(root, folder, name))) ?? ''
      const isBlocked = text.split('\n').some((line) => {
        const [verb, driver, ...rest] = line.trim().split(/\s+/)
        if (driver === undefined || !drivers.includes(driver)) return false
        return verb === 'blacklist' || (verb === 'install' && /\/(true|false)$/.test(rest[0] ?? ''))
      })
      if (isBlocked) found.push({ code: 'usb_storage_blocked', grade: 'fault', values: { file: `/${folder}/${name}` } })
    }
  }
  return found
}

/** USBGuard, which lets in only what its rules name. */
async function deviceControl({ root, run }: Surroundings): Promise<Finding<UsbCode>[]> {
  const isThere = (await namesIn(join(root, 'etc/usbguard'))).length > 0
  if (!isThere) return []
  const blocked = await run(['usbguard', 'list-devices', '--blocked'])
  if (blocked === null || blocked.status !== 0) return [{ code: 'usb_guard_runs', grade: 'warning', values: {} }]
  const lines = blocked.out.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => ({
    code: 'usb_device_refused',
    grade: 'fault',
    values: { device: /name "([^"]*)"/.exec(line)?.[1] ?? line.trim() },
  }))
}

function lockedPorts(devices: readonly UsbDevice[]): Finding<UsbCode>[] {
  const locked = devices.filter(({ authorizedDefault }) => authorizedDefault === '0')
  const refused = devices.filter(({ authorized }) => authorized === '0')
  return [
    ...locked.map(
      ({ name }): Finding<UsbCode> => ({ code: 'usb_ports_locked', grade: 'fault', values: { port: name } }),
    ),
    ...refused.map(
      ({ product }): Finding<UsbCode> => ({ code: 'usb_device_refused', grade: 'fault', values: { device: product } }),
    ),
  ]
}

/** `auto` lets the kernel cut a port's power when nothing moves: some recorders then vanish in the middle of a reading. */
function powerSaving(devices: readonly UsbDevice[]): Finding<UsbCode>[] {
  const saving = devices.filter(({ powerControl, name }) => powerControl === 'auto' && !name.startsWith('usb'))
  if (saving.length === 0) return []
  const first = saving
    .slice(0, 3)
    .map(({ product }) => product)
    .join(', ')
  return [{ code: 'usb_power_saving', grade: 'warning', values: { devices: saving.length, first } }]
}

/** Hubs without a power supply of their own whose devices together ask for more than a port gives. */
function weakHubs(devices: readonly UsbDevice[]): Finding<UsbCode>[] {
  return devices
    .filter(({ isHub, isSelfPowered, name }) => isHub && !isSelfPowered && !name.startsWith('usb'))
    .flatMap((hub): Finding<UsbCode>[] => {
      const behind = devices.filter(({ name }) => name.startsWith(`${hub.name}.`))
      const asked = hub.milliamperes + behind.reduce((sum, { milliamperes }) => sum + milliamperes, 0)
      if (asked <= busPoweredHubMilliamperes) return []
      const values = {
        hub: hub.product,
        port: hub.name,
        asked,
        given: busPoweredHubMilliamperes,
        devices: behind.length,
      }
      return [{ code: 'usb_hub_weak', grade: 'warning', values }]
    })
}
