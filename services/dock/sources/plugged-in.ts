import { lstat } from 'node:fs/promises'

/** Tells what is plugged in from what was there a moment ago; null where nothing is. A device node is made anew each time. */
export async function pluggedIn(path: string): Promise<string | null> {
  try {
    const { ino, mtimeNs } = await lstat(path, { bigint: true })
    return `${ino} ${mtimeNs}`
  } catch {
    return null
  }
}
