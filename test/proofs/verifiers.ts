import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Family } from '../bench/family.ts'
import { compareVerifiers, makeCorpus, writeChosenBySeed } from '../support/judge-packages.ts'
import { goProgram } from '../support/tools.ts'

const seedCount = 10
const packagesPerSeed = 80

/** The mutation corpus of test/integration/verifiers-agree.test.ts with seeds that nobody chose. */
export const verifierProofs: Family = {
  rows: [
    {
      name: 'verifiers/mutations',
      goal: { of: 'ours', atLeast: seedCount * packagesPerSeed },
      unit: 'packages',
      what: `mutated packages, ${packagesPerSeed} from each of ${seedCount} random seeds, judged equally by the verifiers in TypeScript and in Go`,
    },
  ],
  limitMinutes: 40,
  async run({ directory, say }) {
    const program = await goProgram('verifier-go')
    if ('leftOut' in program) throw new Error(`the verifier in Go cannot be built: ${program.leftOut}`)
    const day = `${new Date().toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`
    let judged = 0
    for (let number = 1; number <= seedCount; number++) {
      const seed = `${day}-${number}`
      mkdirSync(directory, { recursive: true })
      const corpus = makeCorpus(directory, seed, (base, folder) => writeChosenBySeed(base, folder, packagesPerSeed))
      const { wrong } = await compareVerifiers(program.path, corpus)
      if (wrong.length > 0) {
        const command = `CORPUS_SEED=${seed} node test/integration/verifiers-agree.test.ts`
        throw new Error(`${wrong.length} packages were judged wrongly; reproduce with: ${command}`)
      }
      judged += packagesPerSeed
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
      say(`${judged} packages judged equally, the last by seed ${seed}`)
    }
    const note = `seeds ${day}-1 to ${day}-${seedCount}`
    return { 'verifiers/mutations': { ours: [judged], theirs: null, note } }
  },
}
