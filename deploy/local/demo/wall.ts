// What stands in the slots of the demo's station: each device as a card that is really mounted, or, where nobody may mount,
// the store of an older collecting station that is followed.

import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { SourceSettings } from '../../../services/dock/sources/open-sources.ts'
import { type DeviceFile, writeFiles } from '../devices/fill-image.ts'
import type { Faults } from '../devices/fuse/file-system.ts'
import { identityBlock } from '../devices/gbk.ts'
import { makeVolume, makeWall, type SimulatedVolume, type Wall } from '../devices/make-volume.ts'
import { unmount } from '../devices/mounts.ts'
import type { DockedFile } from './dock-client.ts'
import type { ShiftDevice } from './shift.ts'

export const slotCount = 60

/** A device at the wall. */
export interface Docked {
  readonly device: ShiftDevice
  readonly slot: number
  /** Null in the store of an older station, where nobody can pull anything out. */
  readonly volume: SimulatedVolume | null
}

export interface DemoWall {
  readonly source: SourceSettings
  /** Puts each device with its files into a slot, the first into `firstSlot` (1 unless it is said). */
  plugIn(devices: readonly ShiftDevice[], firstSlot?: number): Promise<Docked[]>
}

/** Mounting needs the administrator's rights, FUSE, and the programs that fill a card. */
export const mayMount =
  process.getuid?.() === 0 && existsSync('/dev/fuse') && ['mkfs.vfat', 'mcopy', 'mdir'].every(isOnPath)

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}

export async function makeDemoWall(folder: string): Promise<DemoWall> {
  return mayMount ? wallOfCards(await makeWall(folder)) : storeOfStation(folder)
}

/** Pulls out whatever is left in the slots of an earlier demo. */
export async function emptyWall(folder: string): Promise<void> {
  const table = existsSync('/proc/self/mountinfo') ? await readFile('/proc/self/mountinfo', 'utf8') : ''
  const mounted = table.split('\n').map((line) => line.split(' ')[4] ?? '')
  for (const point of mounted.filter((one) => one.startsWith(`${folder}/`))) await unmount(point, 'lazy')
}

function wallOfCards(wall: Wall): DemoWall {
  const slots = Array.from({ length: slotCount }, (_, index) => index + 1)
  const command = (...argv: string[]) => ({ argv, timeLimitMs: 20_000 })
  return {
    source: {
      source: 'devices',
      kind: 'mass_storage',
      mountRoots: [wall.slots],
      takesRemovable: false,
      slots: Object.fromEntries(slots.map((slot) => [join(wall.slots, `slot-${String(slot).padStart(2, '0')}`), slot])),
      slotCount,
      mounting: null,
      uncachedDrivers: ['fuse.fat32', 'fuse.folder'],
      unmount: command('umount', '-i', '{folder}'),
      unmountGone: command('umount', '-i', '-l', '{folder}'),
      charge: null,
      pollMs: 200,
      listTimeMs: 20_000,
    },
    async plugIn(devices, firstSlot = 1) {
      const docked: Docked[] = []
      for (const [index, device] of devices.entries()) {
        const volume = await cardOf(wall, device)
        const slot = firstSlot + index
        await volume.plugIn(slot, 'system', faultsOf(device))
        docked.push({ device, slot, volume })
      }
      return docked
    },
  }
}

/** Names that are no UTF-8 cannot stand in FAT's tables of Unicode: their device is a folder that is mounted as it is. */
async function cardOf(wall: Wall, device: ShiftDevice): Promise<SimulatedVolume> {
  const isText = device.files.every(({ rawName }) => Buffer.from(rawName.toString('utf8')).equals(rawName))
  const content = await Promise.all(device.files.map(onCard))
  return makeVolume(wall, {
    fs: isText ? 'fat32' : 'folder',
    label: device.serial,
    files: [...content, ...identityOf(device)],
  })
}

/** A worn contact: slow enough for a hand to be faster. And a bad sector in the last file. */
function faultsOf({ plays, files }: ShiftDevice): Faults {
  if (plays === 'cut_cable' || plays === 'emergency') return { readDelayMs: 100 }
  if (plays !== 'bad_file') return {}
  return { badSectors: [{ path: pathOnCard(files.at(-1)!).toString(), from: 300_000, to: 304_096 }] }
}

/** Where the device keeps it. */
export function pathOnCard({ serial, rawName }: DockedFile): Buffer {
  const folders: Readonly<Record<string, string>> = { ZJ: 'DSJ/', SX: 'DCIM/100VIDEO/', HP: 'DCIM/100MEDIA/' }
  return Buffer.concat([Buffer.from(folders[serial.slice(0, 2)] ?? 'RECORD/'), rawName])
}

async function onCard(file: DockedFile): Promise<DeviceFile> {
  return {
    path: pathOnCard(file),
    bytes: await readFile(file.path),
    modified: new Date(file.deviceTime.getTime() + 60_000),
  }
}

/** Recorders say who they are; cards of cameras, drones and pens do not. */
function identityOf({ serial, holder }: ShiftDevice): DeviceFile[] {
  if (!serial.startsWith('ZJ')) return []
  const identity = { serial, officerNumber: holder.officerNumber!, officerName: holder.name, unitName: '综合执法局' }
  return [{ path: 'ZFYINFO.DAT', bytes: identityBlock(identity) }]
}

function storeOfStation(folder: string): DemoWall {
  const store = join(folder, 'store')
  return {
    source: {
      source: 'station',
      name: '原采集工作站',
      folder: store,
      profile: 'generic',
      folders: '{date}/{serial:7}',
      unfinished: [],
      restMs: 1000,
      pollMs: 500,
      listTimeMs: 20_000,
    },
    async plugIn(devices) {
      const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
      const files = devices.flatMap((device) => device.files)
      const content = await Promise.all(files.map(onCard))
      const named = content.map((file, index) => ({
        ...file,
        path: Buffer.concat([Buffer.from(`${day}/${files[index]!.serial}/`), files[index]!.rawName]),
      }))
      await rm(`${store}.filling`, { recursive: true, force: true })
      await writeFiles(`${store}.filling`, named)
      await mkdir(store, { recursive: true })
      await rename(join(`${store}.filling`, day), join(store, day))
      return devices.map((device, index) => ({ device, slot: index + 1, volume: null }))
    },
  }
}
