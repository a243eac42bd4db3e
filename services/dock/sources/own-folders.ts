import { posix, win32 } from 'node:path'
import type { Platform } from '../../foundation/platform.ts'
import type { SourceSettings } from './open-sources.ts'

interface NamedFolder {
  readonly member: string
  readonly folder: string
}

/**
 * What is wrong with the folders into which devices on a cable are fetched: at each start the agent removes what an earlier run
 * left there, so each is its own alone. It may not be the spool, the folder of a source, or that of another cable, nor lie in
 * one, nor hold one.
 *
 * @returns a sentence for each fault; `spoolFolder` is absolute
 */
export function workFolderProblems(
  sources: readonly SourceSettings[],
  spoolFolder: string,
  platform: Platform,
): readonly string[] {
  const works = sources.flatMap(workFoldersOf)
  const others = [{ member: 'spool.folder', folder: spoolFolder }, ...sources.flatMap(footageFoldersOf)]
  return works.flatMap((work, index) =>
    [...others, ...works.slice(0, index)]
      .filter(({ folder }) => areNested(work.folder, folder, platform))
      .map(({ member, folder }) => `${work.member}: ${work.folder}: it must lie apart from ${folder} (${member})`),
  )
}

function workFoldersOf(one: SourceSettings): readonly NamedFolder[] {
  if (one.source === 'mtp') return [{ member: 'workFolder', folder: one.workFolder }]
  if (one.source !== 'desk' || one.cables === null) return []
  return [{ member: 'cables.workFolder', folder: one.cables.workFolder }]
}

function footageFoldersOf(one: SourceSettings): readonly NamedFolder[] {
  if (one.source === 'station') return [{ member: 'folder', folder: one.folder }]
  if (one.source === 'devices') return mountFoldersOf(one)
  if (one.source === 'mtp') return []
  return [
    ...one.folders.map(({ folder }) => ({ member: 'folders', folder })),
    ...(one.cards === null ? [] : mountFoldersOf(one.cards)),
  ]
}

function mountFoldersOf({
  mountRoots,
  mounting,
}: {
  readonly mountRoots: readonly string[]
  readonly mounting: { readonly folder: string } | null
}): readonly NamedFolder[] {
  return [
    ...mountRoots.map((folder) => ({ member: 'mountRoots', folder })),
    ...(mounting === null ? [] : [{ member: 'mounting.folder', folder: mounting.folder }]),
  ]
}

/** Whether one folder is the other or lies in it, by their names. */
function areNested(one: string, other: string, platform: Platform): boolean {
  const { relative, isAbsolute } = platform === 'win32' ? win32 : posix
  const liesIn = (inner: string, outer: string) => {
    const way = relative(outer, inner)
    return !/^\.\.(?:[/\\]|$)/.test(way) && !isAbsolute(way)
  }
  return liesIn(one, other) || liesIn(other, one)
}
