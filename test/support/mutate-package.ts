// Seeded mutations of the sample package: the corpus that two independent verifiers are compared on. See
// make-mutations.ts for the command line.

import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Mutation, MutationContext, OtherContainer } from './package/mutation.ts'
import { actMutations } from './package/mutations-acts.ts'
import { byteMutations } from './package/mutations-bytes.ts'
import { claimMutations } from './package/mutations-claims.ts'
import { containerMutations, entriesOf } from './package/mutations-container.ts'
import { contentMutations } from './package/mutations-contents.ts'
import { digestMutations } from './package/mutations-digests.ts'
import { eventMutations } from './package/mutations-events.ts'
import { kindMutations } from './package/mutations-kinds.ts'
import { ledgerMutations } from './package/mutations-ledger.ts'
import { logMutations } from './package/mutations-log.ts'
import { mediaMutations } from './package/mutations-media.ts'
import { registerMutations } from './package/mutations-registers.ts'
import { remarkMutations } from './package/mutations-remarks.ts'
import { trackMutations } from './package/mutations-tracks.ts'
import { seededBytes } from './package/sample-log.ts'
import { type SampleAuthority, sampleAuthority } from './package/sample-timestamp.ts'
import { writeZip } from './package/zip-writer.ts'
import { type Files, makeSamplePackage, type SampleParts } from './sample-package.ts'

/** Every kind of mutation there is, each once. */
export const mutations: readonly Mutation[] = [
  { name: 'nothing', expect: 'accepted', remarks: [], apply: () => undefined },
  ...byteMutations,
  ...eventMutations,
  ...ledgerMutations,
  ...kindMutations,
  ...claimMutations,
  ...contentMutations,
  ...registerMutations,
  ...digestMutations,
  ...actMutations,
  ...remarkMutations,
  ...logMutations,
  ...mediaMutations,
  ...trackMutations,
  ...containerMutations,
]

/** One mutated package. `expect` is a code, 'accepted', 'rejected', or null where nothing is clear beforehand. */
export interface MutatedPackage {
  /** Below the corpus' folder. */
  readonly path: string
  readonly kinds: readonly string[]
  readonly expect: string | null
  /** The remarks that are clear beforehand. */
  readonly remarks?: readonly string[]
}

export interface MutationBase {
  readonly parts: SampleParts
  readonly authority: SampleAuthority
  readonly strangerAuthority: SampleAuthority
  readonly seed: string
  /** Where the unchanged package lies, for hard links. */
  readonly folder: string
}

/** Writes the sound package and the trust file that all mutations share; `close` it afterwards. */
export function openMutationBase(directory: string, seed: string): MutationBase {
  const authority = sampleAuthority()
  const parts = makeSamplePackage(directory, { seed, authority })
  return { parts, authority, strangerAuthority: sampleAuthority(), seed, folder: join(directory, 'package') }
}

export function closeMutationBase(base: MutationBase): void {
  base.authority.close()
  base.strangerAuthority.close()
}

/**
 * Writes `count` mutated packages to `directory/<n>`: first every kind once, then kinds by the seed, every third time two of
 * them one after the other.
 */
export function writeMutations(
  base: MutationBase,
  directory: string,
  count: number,
  isWanted: (number: number) => boolean = () => true,
): MutatedPackage[] {
  const list: MutatedPackage[] = []
  for (let n = 0; n < count; n++) {
    if (!isWanted(n)) continue
    const below = randomNumbers(`${base.seed} mutation ${n}`)
    const chosen = n < mutations.length ? [mutations[n]!] : chooseMutations(below)
    list.push(writeMutated(base, directory, `${n}`, chosen, below))
  }
  return list
}

/** Applies mutations to a copy of the sound package and writes it to `directory/<name>/package`, or `package.zip`. */
export function writeMutated(
  base: MutationBase,
  directory: string,
  name: string,
  chosen: readonly Mutation[],
  below: (limit: number) => number,
): MutatedPackage {
  const { files, other } = mutate(base, chosen, below)
  const folder = join(directory, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const expect = chosen.length === 1 ? (chosen[0]!.expect ?? null) : null
  const kinds = chosen.map((mutation) => mutation.name)
  const remarks = chosen.length === 1 ? chosen[0]!.remarks : undefined
  // Some of those that are no zip by themselves are packed, so that both forms meet every kind in time.
  const zip = other?.zip ?? (!other?.links && isPackable(files) && below(4) === 0 ? writeZip(entriesOf(files)) : null)
  if (zip) {
    writeFileSync(join(folder, 'package.zip'), zip)
    return { path: `${name}/package.zip`, kinds, expect, remarks }
  }
  writeFolder(join(folder, 'package'), base, files)
  for (const [path, target] of other?.links ?? []) symlinkSync(target, join(folder, 'package', path))
  return { path: `${name}/package`, kinds, expect, remarks }
}

/** Whether a mutation is the first of all that are to end like it, or one of every tenth: a part that meets every fault. */
export function isOfPart(number: number): boolean {
  const endOf = ({ expect, remarks }: Mutation) => `${expect} ${remarks?.join()}`
  const end = endOf(mutations[number]!)
  return number % 10 === 0 || mutations.findIndex((one) => endOf(one) === end) === number
}

/** Whole numbers below a limit, the same for the same seed. */
export function randomNumbers(seed: string): (limit: number) => number {
  const random = seededBytes(seed, 'choices')
  return (limit) => (limit <= 1 ? 0 : Number(random(8).readBigUInt64BE() % BigInt(limit)))
}

/** The files after some mutations, in memory. What one takes away the next may miss: then it changes nothing. */
export function mutate(
  base: Omit<MutationBase, 'folder'>,
  chosen: readonly Mutation[],
  below: (limit: number) => number,
): { files: Files; other: OtherContainer | undefined } {
  const { parts, authority, strangerAuthority, seed } = base
  let files: Files = new Map(parts.files)
  let other: OtherContainer | undefined
  for (const [at, mutation] of chosen.entries()) {
    const copy: Files = new Map(files)
    const context: MutationContext = { files: copy, parts, authority, strangerAuthority, below, seed }
    try {
      other = mutation.apply(context) ?? other
      files = copy
    } catch (error) {
      if (at === 0) throw error
    }
  }
  return { files, other }
}

function chooseMutations(below: (limit: number) => number): Mutation[] {
  const one = mutations[below(mutations.length)]!
  return below(3) === 0 ? [one, mutations[below(mutations.length)]!] : [one]
}

function isPackable(files: Files): boolean {
  return [...files.keys()].every((path) => /^[\w./-]+$/.test(path))
}

function writeFolder(folder: string, base: MutationBase, files: Files): void {
  mkdirSync(folder, { recursive: true })
  for (const [path, bytes] of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    // A corpus of a thousand packages is mostly the same bytes.
    if (base.parts.files.get(path) === bytes) linkSync(join(base.folder, path), target)
    else writeFileSync(target, bytes)
  }
}
