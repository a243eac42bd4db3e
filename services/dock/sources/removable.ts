import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Whether the kernel calls a block device (`/dev/sdb1`) removable. `blockClass` is /sys/class/block. */
export async function isRemovable(source: string, blockClass: string): Promise<boolean> {
  if (!source.startsWith('/dev/')) return false
  let device: string
  try {
    device = await realpath(join(blockClass, basename(await realpath(source))))
  } catch {
    return false // no block device
  }
  // A partition stands below its disk, and only the disk says it.
  for (const folder of [device, dirname(device)]) {
    try {
      return (await readFile(join(folder, 'removable'), 'utf8')).trim() === '1'
    } catch {
      // a partition: its disk is asked next
    }
  }
  return false
}
