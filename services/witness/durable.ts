import { link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../foundation/platform.ts'

/** Writes or replaces a file (0600) so that after any crash either the old or the new one is there, whole. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const temporary = await writeTemporary(path, text)
  await rename(temporary, path)
  await syncFolder(dirname(path), process.platform)
}

/**
 * Makes a file (0600), whole and on the disk when this resolves. Of any number of processes that make the same one at
 * once, one succeeds; false for all others, and when it was there before.
 */
export async function createDurably(path: string, text: string): Promise<boolean> {
  const temporary = await writeTemporary(path, text)
  try {
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    await unlink(temporary)
  }
  await syncFolder(dirname(path), process.platform)
  return true
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.new`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}
