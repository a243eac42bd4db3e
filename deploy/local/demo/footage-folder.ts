import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import type { DockedFile } from './dock-client.ts'

/** The plain files of a folder, and the paths of what else lies there (links, pipes …), which no recorder holds. */
export interface FootageFolder {
  readonly files: readonly DockedFile[]
  readonly skipped: readonly string[]
}

/**
 * The user's own files as if recorder `serial` held them: any media, any names, whatever lies below the folder. The
 * names go in as the raw bytes the disk has. @throws bad_request when there is no such folder or no file in it
 */
export async function filesOfFolder(directory: string, serial: string): Promise<FootageFolder> {
  const found = await walk(directory, serial).catch((cause: NodeJS.ErrnoException) => {
    throw new Fault('bad_request', `--footage ${directory}: cannot be read as a folder (${cause.code})`, { cause })
  })
  if (found.files.length === 0) {
    throw new Fault('bad_request', `--footage ${directory}: there is no file in this folder`)
  }
  return found
}

async function walk(directory: string, serial: string): Promise<FootageFolder> {
  const files: DockedFile[] = []
  const skipped: string[] = []
  const root = Buffer.from(directory)
  for (const entry of await readdir(root, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([root, Buffer.from('/'), entry.name])
    if (entry.isFile()) {
      const deviceTime = (await stat(path)).mtime
      files.push({ path: path as unknown as string, rawName: entry.name, serial, mark: false, deviceTime })
    } else if (!entry.isDirectory()) {
      skipped.push(path.toString('utf8'))
    }
  }
  for (const folder of await readdir(directory, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue
    const below = await walk(join(directory, folder.name), serial)
    files.push(...below.files)
    skipped.push(...below.skipped)
  }
  return { files, skipped }
}
