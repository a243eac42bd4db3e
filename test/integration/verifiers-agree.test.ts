import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { codesInOrder } from '../../services/verifier/codes.ts'
import { remarksInOrder } from '../../services/verifier/remarks.ts'
import { parseTrust } from '../../services/verifier/trust.ts'
import { inFull } from '../support/in-full.ts'
import { compareVerifiers, makeCorpus, writeChosenBySeed } from '../support/judge-packages.ts'
import { isOfPart, mutations, writeMutations } from '../support/mutate-package.ts'
import { wrongTrustFiles } from '../support/package/wrong-trust.ts'
import { makeSamplePackage } from '../support/sample-package.ts'
import { goProgram, pathOrLeftOut } from '../support/tools.ts'

t.setTimeout(480_000)

async function corpusFolder(t: { teardown(end: () => unknown): unknown }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-corpus-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** In full, each kind of mutation by itself and then pairs of them. */
const count = inFull ? mutations.length + 107 : mutations.length
const isWanted = inFull ? undefined : isOfPart

t.test('two verifiers that share no code judge mutated packages of every fault equally', async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const corpus = makeCorpus(await corpusFolder(t), 'custody', (base, folder) =>
    writeMutations(base, folder, count, isWanted),
  )
  t.ok(corpus.packages.length > mutations.length / 6, `${corpus.packages.length} packages`)
  const { wrong, faults, remarks } = await compareVerifiers(program, corpus)
  t.same(wrong, [], `reproduce with: node test/support/make-mutations.ts --seed custody --count ${count} --out DIR`)
  const unmet = codesInOrder.filter((code) => !faults.has(code))
  t.same(unmet, [], 'each code of the page is the main fault of some package')
  const unsaid = remarksInOrder.filter((code) => !remarks.has(code) && code !== 'witness_not_asked')
  t.same(unsaid, [], 'each remark is made on some package, but for the one that the trust file decides')
})

// Other places and other pairs of kinds every day; `npm run proofs` has many more.
const seedOfToday = process.env.CORPUS_SEED ?? new Date().toISOString().slice(0, 10)
const countOfToday = 20

t.test(`the same with mutations nobody has chosen: CORPUS_SEED=${seedOfToday}`, async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const folder = await corpusFolder(t)
  const corpus = makeCorpus(folder, seedOfToday, (base, into) => writeChosenBySeed(base, into, countOfToday))
  const { wrong } = await compareVerifiers(program, corpus)
  t.same(wrong, [], `reproduce with: CORPUS_SEED=${seedOfToday} node test/integration/verifiers-agree.test.ts`)
})

t.test('both say first that a trust file asks for no witness', async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const folder = await corpusFolder(t)
  const { trust } = makeSamplePackage(folder, { seed: 'trust', authority: null })
  await writeFile(join(folder, 'trust.json'), JSON.stringify({ ...trust, policy: 'quorum none\n' }))
  const remarks = ['witness_not_asked', 'timestamp_missing']
  const packages = [{ path: 'package', kinds: ['nothing'], expect: 'accepted', remarks }]
  t.same((await compareVerifiers(program, { folder, packages })).wrong, [])
})

t.test('neither verifier begins with a trust file that is wrong', async (t) => {
  const program = pathOrLeftOut(t, 'the verifier in Go', await goProgram('verifier-go'))
  if (!program) return
  const folder = await corpusFolder(t)
  const parts = makeSamplePackage(folder, { seed: 'trust', authority: null })
  const judge = promisify(execFile)
  const wholeTrust = join(folder, 'trust.json')
  await t.resolves(judge(program, ['--trust', wholeTrust, join(folder, 'package')]), 'the sound one is taken')
  for (const [what, text] of Object.entries(wrongTrustFiles(parts))) {
    t.throws(() => parseTrust(text), { code: 'bad_config' }, `${what}: ours`)
    const path = join(folder, 'wrong.json')
    await writeFile(path, text)
    await t.rejects(judge(program, ['--trust', path, join(folder, 'package')]), { code: 2 }, `${what}: in Go`)
  }
})
