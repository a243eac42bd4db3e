// npm test: type check, then every test against one private stack. With arguments: only those files.
// Ends with the line `N passed, N failed`.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { startStack, stopStack } from '../deploy/local/stack.ts'

const repository = resolve(import.meta.dirname, '..')
/** Of what failed, at the end. */
const linesShownMax = 200

/** Runs a program with its output shown; resolves to its exit code. `onLine` sees every line of its standard output. */
async function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => undefined,
): Promise<number> {
  const child = spawn(command, [...args], {
    cwd: repository,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let rest = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (chunk: string) => {
    process.stdout.write(chunk)
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  onLine(rest)
  return code ?? 1
}

/** What failed, with its file and the lines that explain it: a log that is cut at its beginning still tells it. */
function openFailureList(): { take(line: string): void; text(): string } {
  const lines: string[] = []
  let file = ''
  let explainedBelow = -1
  return {
    take(line) {
      const started = /^# Subtest: (test\/\S+)/.exec(line)
      if (started) file = started[1]!
      const indent = line.search(/\S/)
      const failed = /^\s*not ok \d+/.test(line) && !/# (TODO|SKIP)/.test(line)
      if (failed) {
        lines.push(`${file}: ${line.trim()}`)
        explainedBelow = indent
      } else if (explainedBelow >= 0 && indent > explainedBelow && !/^\s*(ok \d+|# )/.test(line)) {
        lines.push(line)
      } else if (indent >= 0) {
        explainedBelow = -1
      }
    },
    text: () => (lines.length === 0 ? '' : `\nwhat failed:\n${lines.slice(0, linesShownMax).join('\n')}\n`),
  }
}

async function main(): Promise<void> {
  const files = process.argv.slice(2)
  process.stdout.write('types and lint\n')
  const typeErrors = await run('node_modules/.bin/tsc', ['-p', '.'], {})
  const lintErrors = await run('node_modules/.bin/biome', ['check', '--error-on-warnings', '.'], {})
  const stack = await startStack({
    directory: resolve(repository, `.stack/run-${process.pid}`),
    log: (line) => process.stdout.write(`${line}\n`),
  })
  let passed = 0
  const failures = openFailureList()
  let failed = (typeErrors === 0 ? 0 : 1) + (lintErrors === 0 ? 0 : 1)
  try {
    const code = await run(
      'node_modules/.bin/tap',
      ['run', '-Rtap', ...files],
      { CUSTODY_STACK: stack.statePath },
      (line) => {
        failures.take(line)
        const totals = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/.exec(line)
        if (!totals) return
        passed += Number(totals[2] ?? 0)
        failed += Number(totals[3] ?? 0)
      },
    )
    // A file that died counts even when the reporter has no number for it.
    if (code !== 0 && failed === 0) failed = 1
    if (passed === 0 && failed === 0) failed = 1
  } finally {
    await stopStack(stack, { remove: true })
  }
  process.stdout.write(failures.text())
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main()
