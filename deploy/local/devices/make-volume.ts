import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from './commands.ts'
import { type DeviceFile, fillImage, writeFiles } from './fill-image.ts'
import type { Faults } from './fuse/file-system.ts'
import { type Device, type FileSystemKind, mountDevice, unmount } from './mounts.ts'

/** A station's wall: mount points `slots/slot-01` …, and `devices/slot-01` … where something is plugged in. */
export interface Wall {
  readonly folder: string
  readonly slots: string
  readonly devices: string
}

export async function makeWall(folder: string): Promise<Wall> {
  const wall = { folder, slots: join(folder, 'slots'), devices: join(folder, 'devices') }
  for (const path of Object.values(wall)) await mkdir(path, { recursive: true })
  return wall
}

export interface VolumeOptions {
  readonly fs: FileSystemKind
  readonly files: readonly DeviceFile[]
  /** At most 11 characters. */
  readonly label?: string
  /** `endless`: the chain of this top folder of a FAT32 image ends in itself; `hanging`: and holds deleted names only. */
  readonly broken?: { readonly folder: string; readonly how: 'endless' | 'hanging' }
}

export interface SimulatedVolume {
  /** The image, or the folder that plays it. */
  readonly image: string
  /**
   * Mounts it at the slot's mount point, which it gives; `by: 'agent'` only makes the device appear. Faults of before are gone:
   * these hold from the first read on.
   */
  plugIn(slot: number, by?: 'system' | 'agent', faults?: Faults): Promise<string>
  /**
   * Pulls it out. `gone` (as a cable is pulled): every access fails, then the mount goes. `lazy`: the mount goes, open handles
   * go on. `dead`: the driver dies and the mount stays behind.
   */
  pull(how?: 'gone' | 'lazy' | 'dead'): Promise<void>
  setFaults(faults: Faults): Promise<void>
  /** Paths of the files that it holds, read without any driver of ours where there is one. */
  holds(): Promise<readonly string[]>
  /** Unmounts whatever is mounted and removes everything. */
  discard(): Promise<void>
}

/** Makes a device's storage. Making one takes some 50 ms; plugging it in again makes nothing anew. */
export async function makeVolume(wall: Wall, options: VolumeOptions): Promise<SimulatedVolume> {
  const image = join(wall.folder, `card-${randomBytes(6).toString('hex')}`)
  const device: Device = { kind: options.fs, source: image, faults: `${image}.faults` }
  if (options.fs === 'folder') await writeFiles(image, options.files)
  else await fillImage(image, options.files, { kind: options.fs, label: options.label ?? 'DEVICE' })
  if (options.broken) await breakFolder(image, options.broken)
  await writeFile(`${image}.device`, JSON.stringify(device))
  return simulated(wall, device)
}

function simulated(wall: Wall, device: Device): SimulatedVolume {
  let place: { folder: string; entry: string; driver: number | null } | null = null
  const setFaults = async (faults: Faults) => {
    await writeFile(`${device.faults}.new`, JSON.stringify(faults))
    await rename(`${device.faults}.new`, device.faults)
  }
  const takeOut = async (how: 'clean' | 'lazy') => {
    if (!place) return
    await rm(place.entry, { force: true })
    await rm(`${place.entry}.device`, { force: true })
    await unmount(place.folder, how)
    place = null
  }
  return {
    image: device.source,
    setFaults,
    async plugIn(slot, by = 'system', faults = {}) {
      const name = `slot-${String(slot).padStart(2, '0')}`
      const folder = join(wall.slots, name)
      const entry = join(wall.devices, name)
      await setFaults(faults)
      place = { folder, entry, driver: null }
      if (by === 'system') place.driver = await mountDevice(device, folder, false)
      await symlink(`${device.source}.device`, `${entry}.device`)
      await symlink(device.source, entry)
      return folder
    },
    async pull(how = 'gone') {
      if (!place) throw new Error('it is not plugged in')
      if (how === 'dead') {
        if (place.driver === null) throw new Error('its driver is the system’s, not ours to kill')
        process.kill(-place.driver, 'SIGKILL')
        return
      }
      if (how === 'gone') await setFaults({ dead: 'EIO' })
      await takeOut('lazy')
    },
    holds: () => holdingsOf(device),
    async discard() {
      await takeOut('lazy')
      for (const end of ['', '.device', '.faults', '.log', '.mounted', '.looked'])
        await rm(`${device.source}${end}`, { force: true, recursive: true })
    },
  }
}

async function holdingsOf({ kind, source }: Device): Promise<readonly string[]> {
  if (kind === 'folder') return filesBelow(source)
  if (kind === 'fat32') {
    const lines = (await command('mdir', '-i', source, '-b', '-/', '::/')).split('\n')
    const paths = lines.filter((line) => line !== '' && !line.endsWith('/')).map((line) => line.replace(/^::\//, ''))
    return paths.sort()
  }
  const folder = `${source}.looked`
  await mountDevice({ kind, source, faults: '' }, folder, true)
  try {
    return await filesBelow(folder)
  } finally {
    await unmount(folder, 'clean')
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
}

/** Bends the chain of a folder's clusters back to its first, in both tables, after filling it up with names. */
async function breakFolder(
  image: string,
  { folder, how }: { folder: string; how: 'endless' | 'hanging' },
): Promise<void> {
  const file = await open(image, 'r+')
  try {
    const { buffer: boot } = await file.read(Buffer.alloc(512), 0, 512, 0)
    const tableAt = boot.readUInt16LE(14) * 512
    const tableBytes = boot.readUInt32LE(36) * 512
    const clusterBytes = boot[13]! * 512
    const clusterAt = (cluster: number) => tableAt + 2 * tableBytes + (cluster - 2) * clusterBytes
    const { buffer: root } = await file.read(
      Buffer.alloc(clusterBytes),
      0,
      clusterBytes,
      clusterAt(boot.readUInt32LE(44)),
    )
    const at = root.indexOf(Buffer.from(folder.padEnd(11)))
    if (at < 0) throw new Error(`there is no folder ${folder} at the top`)
    const cluster = (root.readUInt16LE(at + 20) << 16) | root.readUInt16LE(at + 26)
    const names = Buffer.alloc(clusterBytes)
    for (let entry = 0; entry < clusterBytes / 32; entry++) {
      names.write(`F${String(entry).padStart(7, '0')}MP4`, entry * 32, 'latin1')
      names[entry * 32 + 11] = 0x20
      if (how === 'hanging') names[entry * 32] = 0xe5
    }
    await file.write(names, 0, names.length, clusterAt(cluster))
    const next = Buffer.alloc(4)
    next.writeUInt32LE(cluster)
    for (const table of [0, 1]) await file.write(next, 0, 4, tableAt + table * tableBytes + cluster * 4)
  } finally {
    await file.close()
  }
}
