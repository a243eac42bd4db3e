// What stands in the slots of the demo's station: each device as a card that is really mounted, or, where nobody may mount,
// the store of an older collecting station that is followed.

import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceSettings } from '../../../services/dock/sources/open-sources.ts'
import { type DeviceFile, writeFiles } from '../devices/fill-image.ts'
import { identityBlock } from '../devices/gbk.ts'
import { makeVolume, makeWall, type SimulatedVolume, type Wall } from '../devices/make-volume.ts'
import { unmount } from '../devices/mounts.ts'
import type { DockedFile } from './dock-client.ts'

export const slotCount = 24

export interface DemoWall {
  readonly source: SourceSettings
  /** Puts each device with its files into a slot. */
  plugIn(files: readonly DockedFile[]): Promise<void>
}

/** Mounting needs the administrator's rights and FUSE. */
export const mayMount = process.getuid?.() === 0 && existsSync('/dev/fuse')

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
      unmount: command('umount', '-i', '{folder}'),
      unmountGone: command('umount', '-i', '-l', '{folder}'),
      charge: null,
      pollMs: 200,
      listTimeMs: 20_000,
    },
    async plugIn(files) {
      const devices = [...Map.groupBy(files, ({ serial }) => serial)]
      const volumes = await Promise.all(devices.map(([serial, own]) => cardOf(wall, serial, own)))
      for (const [index, volume] of volumes.entries()) await volume.plugIn(index + 1)
    },
  }
}

/** Names that are no UTF-8 cannot stand in FAT's tables of Unicode: their device is a folder that is mounted as it is. */
async function cardOf(wall: Wall, serial: string, files: readonly DockedFile[]): Promise<SimulatedVolume> {
  const isText = files.every(({ rawName }) => Buffer.from(rawName.toString('utf8')).equals(rawName))
  const content = await Promise.all(files.map((file) => onCard(serial, file)))
  return makeVolume(wall, {
    fs: isText ? 'fat32' : 'folder',
    label: serial,
    files: [...content, ...identityOf(serial)],
  })
}

async function onCard(serial: string, { path, rawName, deviceTime }: DockedFile): Promise<DeviceFile> {
  const folders: Readonly<Record<string, string>> = { ZJ: 'DSJ/', SX: 'DCIM/100VIDEO/', HP: 'DCIM/100MEDIA/' }
  const folder = folders[serial.slice(0, 2)] ?? 'RECORD/'
  return {
    path: Buffer.concat([Buffer.from(folder), rawName]),
    bytes: await readFile(path),
    modified: new Date(deviceTime.getTime() + 60_000),
  }
}

/** Recorders say who they are; cards of cameras, drones and pens do not. */
function identityOf(serial: string): DeviceFile[] {
  if (!serial.startsWith('ZJ')) return []
  const officer = serial === 'ZJ00001' ? { officerNumber: 'P00231', officerName: '张伟' } : { officerName: '李娜' }
  return [{ path: 'ZFYINFO.DAT', bytes: identityBlock({ serial, unitName: '综合执法局', ...officer }) }]
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
    async plugIn(files) {
      const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
      const content = await Promise.all(files.map((file) => onCard(file.serial, file)))
      const named = content.map((file, index) => ({
        ...file,
        path: Buffer.concat([Buffer.from(`${day}/${files[index]!.serial}/`), files[index]!.rawName]),
      }))
      await rm(`${store}.filling`, { recursive: true, force: true })
      await writeFiles(`${store}.filling`, named)
      await mkdir(store, { recursive: true })
      await rename(join(`${store}.filling`, day), join(store, day))
    },
  }
}
