import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import type { DockedFile } from './dock-client.ts'

/**
 * The user's own files as if recorder `serial` held them: any media, any names, whatever lies below the folder. The
 * names go in as the raw bytes the disk has.
 */
export async function filesOfFolder(directory: string, serial: string): Promise<DockedFile[]> {
  const files: DockedFile[] = []
  const root = Buffer.from(directory)
  for (const entry of await readdir(root, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([root, Buffer.from('/'), entry.name])
    if (!entry.isFile()) continue
    files.push({
      path: path as unknown as string,
      rawName: entry.name,
      serial,
      mark: false,
      deviceTime: (await stat(path)).mtime,
    })
  }
  const folders = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  for (const folder of folders) files.push(...(await filesOfFolder(join(directory, folder.name), serial)))
  if (files.length === 0) throw new Fault('bad_request', `--footage ${directory}: there is no file in this folder`)
  return files
}
