import { mkdir, open, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { command } from './commands.ts'
import { mountDevice, unmount } from './mounts.ts'

export interface DeviceFile {
  /** Below the volume's root. A Buffer only where the volume is a folder: FAT holds Unicode. */
  readonly path: string | Buffer
  readonly bytes: Buffer
  readonly modified?: Date
}

/** Sparse: a card of this size takes on disk what its files take. Large enough to be FAT32 by its number of clusters. */
const imageBytes = 320 * 1024 * 1024

/** Makes a file system with these files in an image, by the tools that others use: dosfstools, mtools, exfatprogs. */
export async function fillImage(
  image: string,
  files: readonly DeviceFile[],
  { kind, label }: { kind: 'fat32' | 'exfat'; label: string },
): Promise<void> {
  const staged = `${image}.staged`
  await writeFiles(staged, files)
  await (await open(image, 'w')).close()
  await truncate(image, imageBytes)
  if (kind === 'fat32') {
    await command('mkfs.vfat', '-F', '32', '-s', '8', '-n', label, image)
    const tops = [...new Set(files.map(({ path }) => String(path).split('/')[0]!))]
    if (tops.length > 0) await command('mcopy', '-i', image, '-s', '-m', ...tops.map((top) => join(staged, top)), '::/')
  } else {
    await command('mkfs.exfat', '-L', label, image)
    const mounted = `${image}.mounted`
    await mountDevice({ kind, source: image, faults: '' }, mounted, false)
    await command('cp', '-r', '--preserve=timestamps', `${staged}/.`, mounted)
    await unmount(mounted, 'clean')
  }
  await rm(staged, { recursive: true })
}

/** Writes files below a folder of this machine. */
export async function writeFiles(folder: string, files: readonly DeviceFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { path, bytes, modified } of files) {
    const full = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path as string)])
    await mkdir(parentOf(full), { recursive: true })
    await writeFile(full, bytes)
    if (modified) await utimes(full, modified, modified)
  }
}

function parentOf(path: Buffer): Buffer {
  return path.subarray(0, path.lastIndexOf(0x2f))
}
