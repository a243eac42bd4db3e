// npm test: type check, then every test against one private stack. With arguments: only those files. A file that fails is
// run once more at the end, alone; passes it then, the run is green and names it as flaky.
// Ends with the line `N passed, N failed`.

import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { startStack, stopStack } from '../deploy/local/stack.ts'
import type { FileResult } from './run/file.ts'
import { endOfRun, figuresOf } from './run/report.ts'
import { type Run, runSuite } from './run/suite.ts'

const repository = resolve(import.meta.dirname, '..')
/** The long ones first: at the end two short ones run side by side, instead of one long one alone. */
const folders = ['e2e', 'faults', 'integration', 'browser', 'contract', 'unit']
/** Two more than the processors of the smallest machine: many files wait for a server or a clock most of their time. */
const jobs = 4
/** tap's own limit for a file that sets none; it then says which test hangs. The file is killed a little later. */
const testTimeoutSeconds = 720
const fileTimeoutMs = (testTimeoutSeconds + 30) * 1000

async function main(): Promise<void> {
  const files = filesToRun(process.argv.slice(2))
  if (files === null) return
  process.stdout.write('types and lint\n')
  const failedChecks = [
    ['tsc', '-p', '.'],
    ['tsc', '-p', 'services/console'],
    ['biome', 'check', '--error-on-warnings', '.'],
  ].filter(([program, ...args]) => !succeeds(`node_modules/.bin/${program}`, args)).length
  const stack = await startStack({
    directory: resolve(repository, `.stack/run-${process.pid}`),
    log: (line) => process.stdout.write(`${line}\n`),
  })
  const suite = await runSuite({
    files,
    jobs,
    directory: repository,
    environment: {
      CUSTODY_STACK: stack.statePath,
      TAP_TIMEOUT: String(testTimeoutSeconds),
      // Some 400 processes load much the same modules: what V8 made of them is kept while the run lasts.
      NODE_COMPILE_CACHE: resolve(stack.directory, 'compile-cache'),
    },
    timeoutMs: fileTimeoutMs,
    keptDirectory: resolve(repository, `.stack/failed/${new Date().toISOString().replaceAll(':', '')}`),
    onResult: show,
  }).finally(() => stopStack(stack, { remove: true }))
  process.stdout.write(endOfRun(suite, failedChecks))
  process.exitCode = figuresOf(suite, failedChecks).failed === 0 ? 0 : 1
}

/** The files that were asked for, else all; null when one of those asked for is not there, which is said. */
function filesToRun(asked: readonly string[]): string[] | null {
  const missing = asked.filter((file) => !existsSync(file))
  if (missing.length > 0) {
    process.stderr.write(`no such test file: ${missing.join(', ')}\n`)
    process.exitCode = 2
    return null
  }
  if (asked.length > 0) return [...new Set(asked.map((file) => relative(repository, resolve(file))))]
  return folders.flatMap((folder) => globSync(`test/${folder}/**/*.test.ts`, { cwd: repository }).sort())
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { cwd: repository, stdio: 'inherit' }).status === 0
}

function show({ file, isGreen, seconds, output }: FileResult, run: Run): void {
  const how = `${run === 'second' ? 'run again, alone: ' : ''}${isGreen ? 'passed' : 'FAILED'} (${seconds.toFixed(1)} s)`
  process.stdout.write(`\n# ${file} ${how}\n${output}`)
}

await main()
