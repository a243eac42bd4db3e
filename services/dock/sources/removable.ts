import { readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Whether the kernel calls a block device (`sdb1`) removable. `blockClass` is /sys/class/block. */
export async function isRemovable(name: string, blockClass: string): Promise<boolean> {
  let device: string
  try {
    device = await realpath(join(blockClass, name))
  } catch {
    return false // no block device
  }
  // A partition stands below its disk, and only the disk says it.
  return (await flagOf(device)) ?? (await flagOf(dirname(device))) ?? false
}

/** Null where the folder does not say it. */
async function flagOf(device: string): Promise<boolean | null> {
  try {
    return (await readFile(join(device, 'removable'), 'utf8')).trim() === '1'
  } catch {
    return null
  }
}
