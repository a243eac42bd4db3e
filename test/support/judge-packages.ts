import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyPath } from '../../services/verifier/open-package.ts'
import { parseTrust } from '../../services/verifier/trust.ts'
import {
  closeMutationBase,
  type MutatedPackage,
  type MutationBase,
  mutations,
  openMutationBase,
  randomNumbers,
  writeMutated,
} from './mutate-package.ts'
import { judgedAt } from './package/mutations-remarks.ts'

/** What services/ledger/DESIGN.md §7 asks to be equal. */
interface Verdict {
  readonly accepted: boolean
  readonly fault: string | null
  readonly remarks: readonly string[]
}

export interface Corpus {
  readonly folder: string
  readonly packages: readonly MutatedPackage[]
}

/** Writes to `folder` the package itself and what `write` adds to it. */
export function makeCorpus(
  folder: string,
  seed: string,
  write: (base: MutationBase, folder: string) => MutatedPackage[],
): Corpus {
  const base = openMutationBase(folder, seed)
  try {
    return {
      folder,
      packages: [{ path: 'package', kinds: ['nothing'], expect: 'accepted', remarks: [] }, ...write(base, folder)],
    }
  } finally {
    closeMutationBase(base)
  }
}

/** `count` packages with one or two mutations that the seed alone chooses. */
export function writeChosenBySeed(base: MutationBase, folder: string, count: number): MutatedPackage[] {
  return Array.from({ length: count }, (_, n) => {
    const below = randomNumbers(`${base.seed} today ${n}`)
    const chosen = Array.from({ length: 1 + (n % 2) }, () => mutations[below(mutations.length)]!)
    return writeMutated(base, folder, `${n}`, chosen, below)
  })
}

/**
 * Judges all packages by both verifiers, ours and `program` in Go. `wrong` are those on which they differ, or which ours
 * judges other than expected.
 */
export async function compareVerifiers(
  program: string,
  { folder, packages }: Corpus,
): Promise<{ wrong: unknown[]; faults: Set<string | null>; remarks: Set<string> }> {
  const paths = packages.map(({ path }) => join(folder, path))
  const trust = join(folder, 'trust.json')
  const [ours, others] = await Promise.all([judgeInOurs(trust, paths), judgeInGo(program, trust, paths)])
  const wrong: unknown[] = []
  const remarksMet = new Set<string>()
  for (const [place, { path, kinds, expect, remarks }] of packages.entries()) {
    const our = ours[place]!
    const other = others[place]
    for (const remark of our.remarks) remarksMet.add(remark)
    const said = our.remarks.join()
    const agree = our.accepted === other?.accepted && our.fault === other.fault && said === other.remarks.join()
    if (agree && isExpected(our, expect) && (remarks === undefined || remarks.join() === said)) continue
    wrong.push({ path, kinds, expect, remarks, ours: [our.fault, said], inGo: [other?.fault, other?.remarks.join()] })
  }
  return { wrong, faults: new Set(ours.map(({ fault }) => fault)), remarks: remarksMet }
}

/** The verifier in Go on all paths, in their order. */
function judgeInGo(program: string, trust: string, paths: readonly string[]): Promise<Verdict[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1024 ** 3 }
    execFile(program, ['--trust', trust, '--json', '--now', judgedAt, ...paths], options, (error, stdout, stderr) => {
      // 1: not all are accepted.
      if (error && error.code !== 1) return reject(new Error(`the verifier in Go: ${error.message}\n${stderr}`))
      const lines = stdout.trimEnd().split('\n')
      resolve(lines.map((line) => JSON.parse(line) as Verdict))
    })
  })
}

async function judgeInOurs(trustPath: string, paths: readonly string[]): Promise<Verdict[]> {
  const trust = parseTrust(readFileSync(trustPath, 'utf8'))
  const verdicts: Verdict[] = []
  for (const path of paths) {
    const report = await verifyPath(path, trust, { now: new Date(judgedAt) })
    verdicts.push({ ...report, remarks: report.remarks.map(({ code }) => code) })
  }
  return verdicts
}

/** `expect` is the main fault that is clear beforehand, 'accepted', 'rejected' (some fault), or null. */
function isExpected(verdict: Verdict, expect: string | null): boolean {
  if (expect === null) return true
  if (expect === 'accepted' || expect === 'rejected') return verdict.accepted === (expect === 'accepted')
  return verdict.fault === expect
}
