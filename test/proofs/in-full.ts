import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startStack, stopStack } from '../../deploy/local/stack.ts'
import type { Family } from '../bench/family.ts'
import { runSuite } from '../run/suite.ts'

const repository = resolve(import.meta.dirname, '../..')
const testTimeoutSeconds = 1500

/** The test files of which `npm test` tries a part: each imports `test/support/in-full.ts`. */
const files = globSync('test/{e2e,faults,integration,unit}/**/*.test.ts', { cwd: repository })
  .filter((file) => readFileSync(join(repository, file), 'utf8').includes('/in-full.ts'))
  .sort()

export const inFullProofs: Family = {
  rows: [
    {
      name: 'tests/in-full',
      goal: { of: 'ours', atLeast: files.length },
      unit: 'files',
      what: 'test files of which `npm test` tries a part, with nothing left out',
    },
  ],
  limitMinutes: 80,
  async run({ directory, say }) {
    const stack = await startStack({ directory: join(directory, 'stack') })
    try {
      const { red } = await runSuite({
        ...{ files, jobs: 2, directory: repository, keptDirectory: resolve(repository, '.stack/failed/in-full') },
        environment: {
          ...{ CUSTODY_STACK: stack.statePath, CUSTODY_TESTS_IN_FULL: '1' },
          TAP_TIMEOUT: String(testTimeoutSeconds),
        },
        timeoutMs: (testTimeoutSeconds + 30) * 1000,
        onResult: ({ file, isGreen, seconds }) =>
          say(`${isGreen ? 'passed' : 'FAILED'} (${seconds.toFixed(0)} s) ${file}`),
      })
      const failed = red
        .filter(({ second }) => !second?.isGreen)
        .map(({ first, kept }) => `${first.file} (${kept.at(-1)})`)
      if (failed.length > 0) {
        throw new Error(`${failed.join(', ')}; reproduce with: CUSTODY_TESTS_IN_FULL=1 npm test -- FILE`)
      }
      return { 'tests/in-full': { ours: [files.length], theirs: null } }
    } finally {
      await stopStack(stack, { remove: true })
    }
  },
}
