import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { codesInOrder } from '../../services/verifier/codes.ts'
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
  writeMutations,
} from '../support/mutate-package.ts'
import { goProgram, pathOrLeftOut } from '../support/tools.ts'

t.setTimeout(480_000)

/** What services/ledger/DESIGN.md §7 asks to be equal. */
interface Verdict {
  readonly accepted: boolean
  readonly fault: string | null
}

/** The verifier in Go on all paths, in their order. */
function judgeInGo(program: string, trust: string, paths: readonly string[]): Promise<Verdict[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1024 ** 3 }
    execFile(program, ['--trust', trust, '--json', ...paths], options, (error, stdout, stderr) => {
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
  for (const path of paths) verdicts.push(await verifyPath(path, trust))
  return verdicts
}

interface Corpus {
  readonly folder: string
  readonly packages: readonly MutatedPackage[]
}

/** The package itself and what `write` adds to it. */
async function makeCorpus(
  t: { teardown(end: () => unknown): unknown },
  seed: string,
  write: (base: MutationBase, folder: string) => MutatedPackage[],
): Promise<Corpus> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-corpus-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const base = openMutationBase(folder, seed)
  try {
    return { folder, packages: [{ path: 'package', kinds: ['nothing'], expect: 'accepted' }, ...write(base, folder)] }
  } finally {
    closeMutationBase(base)
  }
}

/** Judges all packages by both; `wrong` are those on which they are apart, or which ours judges other than expected. */
async function compare(
  program: string,
  { folder, packages }: Corpus,
): Promise<{ wrong: unknown[]; faults: Set<string | null> }> {
  const paths = packages.map(({ path }) => join(folder, path))
  const trust = join(folder, 'trust.json')
  const [ours, others] = await Promise.all([judgeInOurs(trust, paths), judgeInGo(program, trust, paths)])
  const wrong: unknown[] = []
  for (const [place, { path, kinds, expect }] of packages.entries()) {
    const our = ours[place]!
    const other = others[place]
    const agree = our.accepted === other?.accepted && our.fault === other.fault
    if (!agree || !isExpected(our, expect)) wrong.push({ path, kinds, expect, ours: our.fault, inGo: other?.fault })
  }
  return { wrong, faults: new Set(ours.map(({ fault }) => fault)) }
}

/** `expect` is the main fault that is clear beforehand, 'accepted', 'rejected' (some fault), or null. */
function isExpected(verdict: Verdict, expect: string | null): boolean {
  if (expect === null) return true
  if (expect === 'accepted' || expect === 'rejected') return verdict.accepted === (expect === 'accepted')
  return verdict.fault === expect
}

t.test('two verifiers that share no code judge 1000 mutated packages equally', async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const corpus = await makeCorpus(t, 'custody', (base, folder) => writeMutations(base, folder, 1000))
  t.equal(corpus.packages.length, 1001)
  const { wrong, faults } = await compare(program, corpus)
  t.same(wrong, [], 'reproduce with: node test/support/make-mutations.ts --seed custody --count 1000 --out DIR')
  const unmet = codesInOrder.filter((code) => !faults.has(code))
  t.same(unmet, [], 'each code of the page is the main fault of some package')
})

// Other places and other pairs of kinds every day.
const seedOfToday = process.env.CORPUS_SEED ?? new Date().toISOString().slice(0, 10)
const countOfToday = 80

t.test(`the same with mutations nobody has chosen: CORPUS_SEED=${seedOfToday}`, async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const corpus = await makeCorpus(t, seedOfToday, (base, folder) =>
    Array.from({ length: countOfToday }, (_, n) => {
      const below = randomNumbers(`${seedOfToday} today ${n}`)
      const chosen = Array.from({ length: 1 + (n % 2) }, () => mutations[below(mutations.length)]!)
      return writeMutated(base, folder, `${n}`, chosen, below)
    }),
  )
  const { wrong } = await compare(program, corpus)
  t.same(wrong, [], `reproduce with: CORPUS_SEED=${seedOfToday} node test/integration/verifiers-agree.test.ts`)
})
