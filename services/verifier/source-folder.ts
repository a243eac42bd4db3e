import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPaths, containerFault, type PackageSource } from './source.ts'

/**
 * A package in a folder. Links and devices are refused: what they lead to is not in the package.
 *
 * @throws malformed for a folder that is none of a package
 */
export async function openFolder(folder: string): Promise<PackageSource> {
  const paths = await filesBelow(folder, '')
  checkPaths(paths)
  let bytes = 0
  for (const path of paths) bytes += (await stat(join(folder, path))).size
  return {
    paths,
    bytes,
    read: (path) => createReadStream(join(folder, path), { highWaterMark: 1 << 20 }),
    close: async () => {},
  }
}

async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) paths.push(...(await filesBelow(folder, path)))
    else if (entry.isFile()) paths.push(path)
    else throw containerFault(`${path} is neither file nor folder`)
  }
  return paths
}
