import type { Profile } from './profile.ts'
import { isFootage, readName } from './seen-name.ts'

/** What is seen of a volume before anything of it is read. */
export interface VolumeLook {
  readonly label: string | null
  /** Whether the volume has this folder or file; capitals and small letters are alike. */
  readonly has: (path: string, what: 'folder' | 'file') => Promise<boolean>
  /** Raw paths of some of its files, the first that were found. */
  readonly samples: () => Promise<readonly Buffer[]>
}

/**
 * The profile that fits a volume: of those whose signs are all there one with the file of an identity block before all
 * others, then the one with most signs; where none has, the first without signs that can read the name of one of the files.
 * Null: nothing fits, and every file counts. Folders are made by anybody, and must not hide whose a recorder is.
 */
export async function chooseProfile(profiles: readonly Profile[], look: VolumeLook): Promise<Profile | null> {
  let best: { profile: Profile; weight: number } | null = null
  for (const profile of profiles) {
    const weight = signsOf(profile) === 0 ? 0 : signsOf(profile) + (namesItsBlock(profile) ? blockWeight : 0)
    if (weight > (best?.weight ?? 0) && (await hasAllSigns(profile, look))) best = { profile, weight }
  }
  if (best) return best.profile
  const samples = await look.samples()
  const bySight = profiles.filter((profile) => signsOf(profile) === 0)
  return bySight.find((profile) => samples.some((path) => isReadable(profile, path))) ?? null
}

/** More than all other signs that a profile may have. */
const blockWeight = 100

function namesItsBlock({ identity, signs }: Profile): boolean {
  return identity !== null && signs.files.includes(identity.file)
}

function signsOf({ signs }: Profile): number {
  return signs.folders.length + signs.files.length + (signs.label === null ? 0 : 1)
}

async function hasAllSigns({ signs }: Profile, look: VolumeLook): Promise<boolean> {
  if (signs.label !== null && !look.label?.toUpperCase().startsWith(signs.label.toUpperCase())) return false
  for (const folder of signs.folders) if (!(await look.has(folder, 'folder'))) return false
  for (const file of signs.files) if (!(await look.has(file, 'file'))) return false
  return true
}

function isReadable(profile: Profile, path: Buffer): boolean {
  return isFootage(profile, path) && readName(profile, path).fields !== null
}
