import type { Dirent } from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '../../foundation/id.ts'
import type { Profile } from '../profiles/profile.ts'
import { counterOf } from '../profiles/seen-name.ts'
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
  /** The folder of the settings in which it lies. */
  readonly root: string
  /** Why it cannot be looked into; null where it can. */
  readonly fault: string | null
}

/** A desk has a few exports at a time: beyond it somebody has named the wrong folder. */
const foldersMax = 200

/**
 * Looks for the folders that may be chosen at the desk: those of the settings that hold files, and the folders right below them.
 * Each answers for itself: a share that sleeps, or a folder that this program may not read, holds up no other and is shown as
 * what cannot be read. One that is not there is left out.
 */
export function folderLooks(
  settings: CardDeskSettings['folders'],
  listTimeMs: number,
): () => Promise<readonly FolderMedium[]> {
  // A call of the system that hangs keeps one of Node's threads: it is not made again before it has ended.
  const asking = new Map<string, Promise<readonly Dirent[]>>()
  const entriesIn = (folder: string) => {
    const known = asking.get(folder)
    if (known) return known
    const asked = entriesOf(folder).finally(() => asking.delete(folder))
    asking.set(folder, asked)
    return asked
  }
  const mediaIn = async ({ name, folder, profile }: CardDeskSettings['folders'][number]): Promise<FolderMedium[]> => {
    const medium = (path: string, shown: string, fault: string | null = null): FolderMedium => {
      return { id: `folder:${path}`, name: shown, path, profile, root: folder, fault }
    }
    try {
      const entries = await withinTime(entriesIn(folder), listTimeMs, 'did not list a folder of the desk')
      return [
        ...(entries.some((entry) => entry.isFile()) ? [medium(folder, name)] : []),
        ...entries.flatMap((entry) =>
          entry.isDirectory() ? [medium(join(folder, entry.name), `${name} / ${entry.name}`)] : [],
        ),
      ]
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return [medium(folder, name, error.message)]
    }
  }
  return async () => (await Promise.all(settings.map(mediaIn))).flat().slice(0, foldersMax)
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
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
    counterOf: (path) => counterOf(profile, path),
    sizeBytes: bsize * blocks,
    freeBytes: bsize * bavail,
    list: async () => (await listFootage(folder, profile, { ...walkLimits, timeMs: listTimeMs })).files,
    read: (file, from, signal) => readBytes(folder, file, from, signal),
    remove: null,
    release: async () => {
      await folder.letGo()
      released()
    },
  }
}
