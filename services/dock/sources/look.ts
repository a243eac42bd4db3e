import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodeName } from '../../foundation/name-decoding.ts'
import { chooseProfile } from '../profiles/choose-profile.ts'
import { type IdentityBlock, identityBlockBytes, readIdentityBlock } from '../profiles/identity-block.ts'
import type { Profile } from '../profiles/profile.ts'
import { isClosed, isFootage, isListed, partsOf, readName } from '../profiles/seen-name.ts'
import type { PinnedFolder } from './pinned-folder.ts'
import type { LeftOut, SeenFile } from './source.ts'
import { entriesOf, type FoundFile, joined, type WalkLimits, walkFiles } from './walk.ts'

/** What a volume turns out to be before its footage is read. */
export interface Look {
  readonly profile: Profile | null
  readonly identity: IdentityBlock | null
  /** Serial of the identity block, or the one that the names of its files agree on. A claim of the device either way. */
  readonly serial: string | null
}

const samplesMax = 50
const entriesLookedAt = 1000

/** Decides what a volume is and whose it says it is. @throws VolumeGone, ReadFailed */
export async function lookAt(
  folder: PinnedFolder,
  profiles: readonly Profile[],
  { label, limits }: { label: string | null; limits: WalkLimits },
): Promise<Look> {
  const walk = { enters: () => true, takes: () => true, limits, enough: samplesMax }
  const samples = () => folder.use('looking at it', (root) => walkFiles(root, folder.device, walk))
  const profile = await chooseProfile(profiles, {
    label,
    has: (path, what) =>
      folder.use('looking at it', async (root) => (await pathOf(root, path.split('/'), what)) !== null),
    samples: async () => (await samples()).map(({ path }) => path),
  })
  const identity = profile?.identity ? await identityOf(folder, profile.identity) : null
  const serial = identity?.serial ?? (profile && !profile.identity ? serialOfNames(profile, await samples()) : null)
  return { profile, identity, serial }
}

export interface Listing {
  /** Every file that is to be handed in, in the order of their paths. */
  readonly files: readonly SeenFile[]
  readonly leftOut: LeftOut
}

/** @throws VolumeGone, ReadFailed */
export async function listFootage(folder: PinnedFolder, profile: Profile | null, limits: WalkLimits): Promise<Listing> {
  const rest = { files: 0, bytes: 0 }
  const leftOut = (bytes: number) => {
    rest.files += 1
    rest.bytes += bytes
  }
  const files = await folder.use('listing its files', (root) =>
    walkFiles(root, folder.device, {
      enters: (path) => !isClosed(profile, partsOf(path)),
      takes: (path) => isListed(profile, path),
      leftOut,
      limits,
    }),
  )
  return { files: files.map((file) => seenFile(profile, file)), leftOut: rest }
}

export function seenFile(profile: Profile | null, { path, name, bytes, modifiedMs }: FoundFile): SeenFile {
  const { fields, mark, deviceTime } = readName(profile, path)
  const seen = { path, name, bytes, modifiedMs, deviceTime, runningNumber: fields?.runningNumber ?? null, mark }
  return isFootage(profile, path) ? seen : { ...seen, isElsewhere: true }
}

function serialOfNames(profile: Profile, files: readonly FoundFile[]): string | null {
  const footage = files.filter(({ path }) => isFootage(profile, path))
  const serials = new Set(footage.map(({ path }) => readName(profile, path).fields?.serial ?? null))
  return serials.size === 1 ? [...serials][0]! : null
}

/** Null where the block's file is missing, shorter, or says nothing. */
async function identityOf(
  folder: PinnedFolder,
  { file, offset }: { file: string; offset: number },
): Promise<IdentityBlock | null> {
  return folder.use(`reading ${file}`, async (root) => {
    const path = await pathOf(root, file.split('/'), 'file')
    if (!path) return null
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(identityBlockBytes), 0, identityBlockBytes, offset)
      return readIdentityBlock(buffer.subarray(0, bytesRead))
    } finally {
      await handle.close()
    }
  })
}

/** The real path of a file or folder whose name may be in other capitals; null where there is none, or only a link. */
async function pathOf(root: Buffer, parts: readonly string[], what: 'file' | 'folder'): Promise<Buffer | null> {
  let path = root
  for (const [index, part] of parts.entries()) {
    const wanted = index < parts.length - 1 ? 'folder' : what
    const name = await nameIn(path, part, wanted)
    if (!name) return null
    path = joined(path, name)
  }
  return path
}

async function nameIn(folder: Buffer, wanted: string, what: 'file' | 'folder'): Promise<Buffer | null> {
  let seen = 0
  for await (const { name, kind } of entriesOf(folder)) {
    if (kind === what && decodeName(name).toLowerCase() === wanted.toLowerCase()) return name
    if (++seen >= entriesLookedAt) return null
  }
  return null
}
