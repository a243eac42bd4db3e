import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { command } from './commands.ts'

export type FileSystemKind = 'fat32' | 'exfat' | 'folder'

/** What is plugged in: an image, or a folder that plays one. */
export interface Device {
  readonly kind: FileSystemKind
  readonly source: string
  /** File of the faults (fuse/file-system.ts), changed while it is mounted. */
  readonly faults: string
}

const driver = fileURLToPath(new URL('fuse/main.ts', import.meta.url))

/**
 * Mounts a device at a folder, as the system's own driver would, and gives the process that drives it; null where the
 * system's program does. FAT32 and folders are served by fuse/main.ts: the kernel asks it over /dev/fuse, which bash opens as
 * descriptor 3 and which mount(8) hands to the kernel.
 */
export async function mountDevice(device: Device, folder: string, isReadOnly: boolean): Promise<number | null> {
  await mkdir(folder, { recursive: true })
  if (device.kind === 'exfat') {
    const loop = (await command('losetup', '-f', '--show', device.source)).trim()
    await command('mount.exfat-fuse', loop, folder)
    // The loop device goes with its last user.
    await command('losetup', '-d', loop)
    if (isReadOnly) await command('mount', '-i', '-o', 'remount,ro', folder)
    return null
  }
  const options = `fd=3,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions,subtype=${device.kind}`
  const script =
    `exec 3<>/dev/fuse && mount -i -t fuse -o "$1${isReadOnly ? ',ro' : ''}" "$2" "$3" && ` +
    'exec "$4" --disable-warning=ExperimentalWarning "$5" "$6" "$2" "$7"'
  const args = [options, device.source, folder, process.execPath, driver, device.kind, device.faults]
  const log = await open(`${device.source}.log`, 'a')
  const child = spawn('bash', ['-c', script, 'bash', ...args], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  const ended = once(child, 'exit').then(() => true)
  while (!(await isMounted(folder))) {
    if (await Promise.race([ended, pause(5, false)])) {
      throw new Error(`${device.source} could not be mounted: ${await readFile(`${device.source}.log`, 'utf8')}`)
    }
  }
  child.unref()
  return child.pid!
}

/** `lazy`: the tree lets go of it at once, and open handles go on. Nothing happens where nobody has mounted anything. */
export async function unmount(folder: string, how: 'clean' | 'lazy'): Promise<void> {
  try {
    await command('umount', '-i', ...(how === 'lazy' ? ['-l'] : []), folder)
  } catch (error) {
    // The agent lets go of what was pulled out as well, and may have been first.
    if (await isMounted(folder)) throw error
  }
}

export async function isMounted(folder: string): Promise<boolean> {
  const table = await readFile('/proc/self/mountinfo', 'utf8')
  return table.split('\n').some((line) => line.split(' ')[4] === folder)
}
