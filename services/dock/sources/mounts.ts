import { readFile } from 'node:fs/promises'
import type { Platform } from '../../foundation/platform.ts'
import { type Mount, mountTable, parseMountTable } from './mount-table.ts'
import { windowsDrives } from './windows-drives.ts'

/** What is mounted now. */
export type ReadMounts = () => Promise<readonly Mount[]>

export function mountsOf(platform: Platform): ReadMounts {
  if (platform === 'win32') return windowsDrives
  return async () => parseMountTable(await readFile(mountTable, 'latin1'))
}

/** Whether a folder with this device number (stat(2)) lies on what is mounted. */
export function isOnMount({ device }: Pick<Mount, 'device'>, number: number, platform: Platform): boolean {
  // Windows gives the serial of the volume as its number.
  if (platform === 'win32') return (number % 2 ** 32).toString(16).toUpperCase().padStart(8, '0') === device
  return deviceNumber(number) === device
}

/** `8:17` of a device number (makedev(3)). */
function deviceNumber(device: number): string {
  const major = Math.floor(device / 256) % 4096
  const minor = (device % 256) + Math.floor(device / 2 ** 20) * 256
  return `${major}:${minor}`
}
