import { decodeName } from '../../foundation/name-decoding.ts'
import { type NameFields, type NameTemplate, readByTemplate } from '../profiles/name-template.ts'
import type { Profile } from '../profiles/profile.ts'
import { partsOf, readName } from '../profiles/seen-name.ts'
import type { FoundFile } from './walk.ts'

/** The files of one device and one day in a station's store. */
export interface StationGroup {
  /** The same for as long as the store stands: `ZJ00001/2026-11-26`. */
  readonly key: string
  readonly serial: string | null
  readonly officerNumber: string | null
  readonly day: string | null
  readonly files: readonly FoundFile[]
}

/**
 * Sorts the files of a store by device and day, as its folders say, else as the names of the files do. What says neither
 * stands in a group of its own: it is handed in too, and somebody is asked whose it is.
 */
export function groupFiles(
  files: readonly FoundFile[],
  folders: NameTemplate,
  profile: Profile,
): readonly StationGroup[] {
  const groups = new Map<string, { group: Omit<StationGroup, 'files'>; files: FoundFile[] }>()
  for (const file of files) {
    const byFolder = fieldsOfFolders(folders, file.path)
    const byName = readName(profile, file.path).fields
    const serial = byFolder?.serial ?? byName?.serial ?? null
    const day = byFolder?.date ?? byName?.date ?? null
    const officerNumber = byFolder?.officerNumber ?? byName?.officerNumber ?? null
    const key = `${serial ?? '-'}/${day ?? '-'}`
    const group = groups.get(key) ?? { group: { key, serial, officerNumber, day }, files: [] }
    group.files.push(file)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ group, files: own }) => ({ ...group, files: own }))
}

/** As many of the upper folders as the template has parts. */
function fieldsOfFolders(template: NameTemplate, path: Buffer): NameFields | null {
  const wanted = template.text.split('/').length
  const folders = partsOf(path).slice(0, -1)
  if (folders.length < wanted) return null
  return readByTemplate(template, folders.slice(0, wanted).map(decodeName).join('/'))
}
