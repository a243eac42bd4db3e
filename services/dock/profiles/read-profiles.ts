import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Value } from 'typebox/value'
import { configFault } from '../../foundation/config.ts'
import { compileProfile, type Profile, ProfileFile } from './profile.ts'

/** The folder of the profiles that come with the agent. */
export const ownProfiles = fileURLToPath(new URL('.', import.meta.url))

const profileBytesMax = 64 * 1024

/**
 * Reads every `*.json` of the folders. A profile of a later folder replaces the one of the same name: so a bureau corrects
 * what comes with the agent.
 *
 * @throws bad_config that names every file with what is wrong in it
 */
export async function readProfiles(folders: readonly string[]): Promise<readonly Profile[]> {
  const profiles = new Map<string, Profile>()
  const problems: string[] = []
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
    for (const name of names) {
      const path = join(folder, name)
      const profile = readProfile(await readFile(path))
      if (typeof profile === 'string') problems.push(`${path}: ${profile}`)
      else profiles.set(profile.name, profile)
    }
  }
  if (problems.length > 0) throw configFault(problems)
  return [...profiles.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The profile, or what is wrong with it. */
export function readProfile(bytes: Buffer): Profile | string {
  if (bytes.length > profileBytesMax) return `is longer than ${profileBytesMax} bytes`
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`
  }
  if (!Value.Check(ProfileFile, json)) {
    return Value.Errors(ProfileFile, json)
      .map(({ instancePath, message }) => `${instancePath || 'the file'} ${message}`)
      .join('; ')
  }
  try {
    return compileProfile(json)
  } catch (error) {
    return (error as Error).message
  }
}
