import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { endOfRun, figuresOf } from '../run/report.ts'
import { rerunFilesMax, runSuite, type SuiteResult } from '../run/suite.ts'

// What test/run.ts does with test files, with files made for it. Each writes down when it begins and ends.

t.setTimeout(300_000)

const tap = JSON.stringify(import.meta.resolve('tap'))
const told = (does: string) => `import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from ${tap}
const file = basename(import.meta.filename)
const isFirst = !existsSync(file + '.was-run')
writeFileSync(file + '.was-run', '')
appendFileSync('runs', 'begin ' + file + '\\n')
process.on('exit', () => appendFileSync('runs', 'end ' + file + '\\n'))
${does}`

const passes = told(`t.ok(true); t.test('in a test', async (t) => { t.ok(true); t.ok(true) })`)
const failsOnce = told(`t.ok(true, 'one'); t.ok(!isFirst, 'luck')`)
const fails = told(`t.ok(true); t.test('sums', async (t) => { t.equal(1 + 1, 3, 'a sum') })`)
const failsAtLength = told(`for (let count = 0; count < 100; count++) t.ok(false, 'number ' + count)`)
/** Without tap, which takes half a second to load. */
const failsPlainly = `import { appendFileSync } from 'node:fs'
appendFileSync('runs', 'once\\n')
process.exitCode = 1`
const leavesOut = told(`t.test('left out', { skip: 'no such tool' }, async (t) => { t.ok(false) })`)
const dies = told(`t.ok(true); process.kill(process.pid, 'SIGKILL')`)
const endsEarly = told('process.exitCode = 3; t.ok(true)')
const throwsAtOnce = `throw new Error('before any test')`
const neverEnds = `process.on('SIGTERM', () => undefined)
for (;;);`
const leavesAProcess = told(`import { spawn } from 'node:child_process'
const left = spawn('sleep', ['600'], { stdio: 'inherit', detached: true })
left.unref()
writeFileSync('left', String(left.pid))
t.ok(true)`)

interface Ran {
  readonly directory: string
  readonly suite: SuiteResult
  /** The order of beginnings and ends. */
  readonly runs: readonly string[]
  readonly text: string
  readonly lastLine: string | undefined
}

async function run(
  t: Test,
  files: Record<string, string>,
  options: { timeoutMs?: number; failedChecks?: number } = {},
) {
  const directory = t.testdir(files)
  const suite = await runSuite({
    files: Object.keys(files),
    jobs: 2,
    directory,
    environment: { TAP_TIMEOUT: '240' },
    timeoutMs: options.timeoutMs ?? 240_000,
    keptDirectory: join(directory, 'kept'),
    onResult: () => undefined,
  })
  const text = endOfRun(suite, options.failedChecks ?? 0)
  const runs = existsSync(join(directory, 'runs')) ? readFileSync(join(directory, 'runs'), 'utf8').split('\n') : []
  return { directory, suite, runs: runs.slice(0, -1), text, lastLine: text.trimEnd().split('\n').at(-1) } satisfies Ran
}

t.test('when all pass, every assertion is counted and nothing is run again', async (t) => {
  const { suite, runs, text, lastLine } = await run(t, { 'a.mjs': passes, 'b.mjs': passes })
  t.equal(lastLine, '6 passed, 0 failed')
  t.same(suite.red, [])
  t.equal(runs.length, 4)
  t.match(text, /slowest files:\n +\d+\.\d s {2}[ab]\.mjs/)
  t.notMatch(text, /flaky|failed:/)
})

t.test('what fails once passes alone at the end, is named as flaky, and both outputs are kept', async (t) => {
  const files = { 'once.mjs': failsOnce, 'more.mjs': failsOnce, 'a.mjs': passes, 'b.mjs': passes }
  const { suite, runs, text, lastLine } = await run(t, files)
  t.equal(lastLine, '10 passed, 0 failed', 'two of each second run; what was counted first does not count')
  t.equal(figuresOf(suite, 0).failed, 0)
  const again = runs.slice(8)
  t.same([again[0], again[2]], [again[1]?.replace('end', 'begin'), again[3]?.replace('end', 'begin')], 'one by one')
  t.same(new Set(again.map((line) => line.split(' ')[1])), new Set(['once.mjs', 'more.mjs']), 'after all others')
  const [first, second] = suite.red.find((red) => red.first.file === 'once.mjs')!.kept
  t.match(readFileSync(first!, 'utf8'), /not ok 2 - luck/)
  t.match(readFileSync(second!, 'utf8'), /^ok 2 - luck/m)
  const end = text.slice(text.indexOf('flaky:'))
  t.ok(end.includes('once.mjs') && end.includes('more.mjs') && end.includes(first!) && end.includes(second!))
  t.notMatch(text, /what failed/)
})

t.test('what fails twice is red, and why stands at the end', async (t) => {
  const files = { 'always.mjs': fails, 'once.mjs': failsOnce, 'a.mjs': passes }
  const { suite, text, lastLine } = await run(t, files)
  t.equal(lastLine, '6 passed, 1 failed')
  t.match(text, /what failed, twice:\n {2}always\.mjs\n {4}output: .*\n {4}output: .*\n\nalways\.mjs: not ok 1 - a sum/)
  t.match(text, /-3\n +\+2/, 'with the difference')
  t.match(text, /flaky:.*\n {2}once\.mjs/)
  t.equal(suite.red.length, 2)
  for (const { kept } of suite.red) t.ok(kept.length === 2 && kept.every((path) => existsSync(path)))
})

t.test('a file that dies, ends with an error or throws at once is red, however many assertions passed', async (t) => {
  const files = { 'dies.mjs': dies, 'early.mjs': endsEarly, 'throws.mjs': throwsAtOnce }
  const { text, lastLine } = await run(t, files)
  t.equal(lastLine, '1 passed, 3 failed')
  t.match(text, /dies\.mjs: not ok - dies\.mjs was ended by SIGKILL/)
  t.match(text, /early\.mjs: it ended without a result/)
  t.match(text, /throws\.mjs: it ended without a result\n(.*\n)*Error: before any test/)
})

t.test('a file that never ends is killed, twice, and is red', async (t) => {
  const { suite, text, lastLine } = await run(t, { 'endless.mjs': neverEnds }, { timeoutMs: 3_000 })
  t.equal(lastLine, '0 passed, 1 failed')
  t.match(text, /endless\.mjs did not end within 3 s and was killed/)
  t.ok(suite.red[0]?.second)
})

t.test('a process that a file leaves behind does not hold up the run', async (t) => {
  const { directory, lastLine } = await run(t, { 'leaves.mjs': leavesAProcess })
  process.kill(Number(readFileSync(join(directory, 'left'), 'utf8')), 'SIGKILL')
  t.equal(lastLine, '1 passed, 0 failed')
})

t.test('a long explanation hides no other file', async (t) => {
  const { text } = await run(t, { 'a-long.mjs': failsAtLength, 'b-short.mjs': fails })
  t.match(
    text,
    /twice:\n {2}[ab]-\w+\.mjs\n(?: {4}output.*\n)+ {2}[ab]-\w+\.mjs\n/,
    'both are named before either is explained',
  )
  t.match(text, /… \d+ more lines, see the output/)
  t.match(text, /b-short\.mjs: not ok 1 - a sum/)
})

t.test('a file that checks nothing is said to', async (t) => {
  const { text, lastLine } = await run(t, { 'a.mjs': passes, 'none.mjs': leavesOut })
  t.match(text, /passed without a single assertion:\n {2}none\.mjs\n/)
  t.equal(lastLine, '3 passed, 0 failed')
})

t.test('when many fail, none is run again, and that is said', async (t) => {
  const names = Array.from({ length: rerunFilesMax + 1 }, (_, number) => `f${number}.mjs`)
  const files = Object.fromEntries(names.map((name) => [name, failsPlainly]))
  const { suite, runs, text, lastLine } = await run(t, files)
  t.equal(lastLine, `0 passed, ${names.length} failed`)
  t.equal(runs.length, names.length)
  t.match(text, new RegExp(`more than ${rerunFilesMax} files.*none was run again`))
  t.ok(suite.red.every(({ second, kept }) => second === null && kept.length === 1 && existsSync(kept[0]!)))
})

t.test('no second run makes up for a type or lint error', async (t) => {
  const { suite, text, lastLine } = await run(t, { 'once.mjs': failsOnce }, { failedChecks: 1 })
  t.equal(lastLine, '2 passed, 1 failed')
  t.equal(figuresOf(suite, 1).failed, 1)
  t.match(text, /types or lint are wrong/)
})

t.test('a run without one test is red', async (t) => {
  t.equal((await run(t, {})).lastLine, '0 passed, 1 failed')
})
