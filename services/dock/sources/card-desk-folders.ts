import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../../foundation/id.ts'
import type { Profile } from '../profiles/profile.ts'
import { readBytes } from './file-bytes.ts'
import { listFootage } from './look.ts'
import { pinFolder } from './pinned-folder.ts'
import type { CardDeskSettings } from './settings.ts'
import type { Volume } from './source.ts'
import { walkLimits, withinTime } from './walk.ts'

/** A folder into which a device's own program exports, or one below it: each export is taken in by itself. */
export interface FolderMedium {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly profile: string
}

/** A desk has a few exports at a time: beyond it somebody has named the wrong folder. */
const foldersMax = 200

/**
 * The folders that may be chosen at the desk: those of the settings that hold files, and the folders right below them.
 *
 * @throws VolumeDamaged when one does not answer in time; one that is not there is left out
 */
export async function folderMedia(
  settings: CardDeskSettings['folders'],
  listTimeMs: number,
): Promise<readonly FolderMedium[]> {
  const media: FolderMedium[] = []
  for (const { name, folder, profile } of settings) {
    const entries = await withinTime(entriesOf(folder), listTimeMs, 'did not list the folders of the desk')
    const medium = (path: string, shown: string): FolderMedium => ({ id: `folder:${path}`, name: shown, path, profile })
    if (entries.some((entry) => entry.isFile())) media.push(medium(folder, name))
    for (const entry of entries) {
      if (entry.isDirectory()) media.push(medium(join(folder, entry.name), `${name} / ${entry.name}`))
    }
  }
  return media.slice(0, foldersMax)
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * A folder as a volume: read, never changed. `profile` null: every plain file counts.
 *
 * @param released is told once nothing of it is read any more
 * @throws Error of the system when it cannot be opened
 */
export async function folderVolume(
  { path, name }: FolderMedium,
  profile: Profile | null,
  listTimeMs: number,
  released: () => void,
): Promise<Volume> {
  const before = await stat(path)
  const isThere = async () => {
    try {
      const { dev, ino } = await stat(path)
      return dev === before.dev && ino === before.ino
    } catch {
      return false // its path leads nowhere any more
    }
  }
  const folder = await pinFolder(path, isThere, () => undefined)
  const { bsize, blocks, bavail } = await folder.use('asking for its space', (root) => statfs(root))
  return {
    id: newId(),
    slot: null,
    // What is exported into the same folder another time is of another device, perhaps.
    uuid: null,
    origin: { kind: 'export', from: name },
    facts: { serial: null, officerNumber: null, officerName: null, batteryPercent: null, clockOffsetMs: null },
    profile: profile?.name ?? null,
    runningMax: profile?.runningMax ?? null,
    sizeBytes: bsize * blocks,
    freeBytes: bsize * bavail,
    list: () => listFootage(folder, profile, { ...walkLimits, timeMs: listTimeMs }),
    read: (file, from, signal) => readBytes(folder, file, from, signal),
    remove: null,
    release: async () => {
      await folder.letGo()
      released()
    },
  }
}
