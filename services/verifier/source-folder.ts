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
  const sizes = new Map<string, number>()
  for (const path of paths) sizes.set(path, (await stat(join(folder, path))).size)
  return {
    paths,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    read: (path) => createReadStream(join(folder, path), { highWaterMark: bufferBytes(sizes.get(path) ?? 0) }),
    damaged: new Set(),
    close: async () => {},
  }
}

/** Each read takes a buffer of this size: for the many small files of a package, one of a MiB is mostly work for nothing. */
function bufferBytes(size: number): number {
  return Math.min(size + 1, 1 << 20)
}

async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) {
      const inside = await filesBelow(folder, path)
      if (inside.length === 0) throw containerFault(`${path} is a folder without a file`)
      paths.push(...inside)
    } else if (entry.isFile()) paths.push(path)
    else throw containerFault(`${path} is neither file nor folder`)
  }
  return paths
}
