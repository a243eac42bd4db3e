import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { startTicksOf } from '../../../deploy/local/install/start-ticks.mjs'
import type { Family } from '../../bench/family.ts'
import { rowNames } from '../../bench/measure.ts'
import { families as benchFamilies } from '../../bench/rows.ts'
import { blockText, isFailedLine, pageWith, parsePage } from '../../proofs/page.ts'
import { families } from '../../proofs/proofs.ts'
import { runProofs } from '../../proofs/run.ts'
import { families as madeFamilies } from './made-rows.ts'

t.setTimeout(240_000)

const tests = resolve(import.meta.dirname, '../..')
const madeRun = join(import.meta.dirname, 'made-run.ts')

/** The families that the modules of a folder export. */
async function familiesBelow(folder: string): Promise<Family[]> {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
  // A module is only loaded when it exports one: some are programs.
  const exporting = paths.filter((path) => /^export const \w+: Family\b/m.test(readFileSync(path, 'utf8')))
  const modules: Record<string, unknown>[] = await Promise.all(
    exporting.map((path) => import(pathToFileURL(path).href)),
  )
  return modules.flatMap((module) => Object.values(module)).filter(isFamily)
}

function isFamily(value: unknown): value is Family {
  return typeof value === 'object' && value !== null && 'rows' in value && 'run' in value
}

t.test('every row that is written is in a list', async (t) => {
  const rows = await familiesBelow(join(tests, 'bench/rows'))
  const proofs = await familiesBelow(join(tests, 'proofs'))
  t.ok(rows.length > 5 && proofs.length > 0)
  t.same(rowNames(rows.filter((family) => !benchFamilies.includes(family))), [], 'npm run bench')
  t.same(rowNames([...rows, ...proofs].filter((family) => !families.includes(family))), [], 'npm run proofs')
})

t.test('a row has a name of its own and one goal', async (t) => {
  const names = rowNames(families)
  t.same(
    names.filter((name, place) => names.indexOf(name) !== place),
    [],
  )
  for (const { name, goal } of families.flatMap(({ rows }) => rows)) {
    t.match(name, /^[a-z0-9-]+(\/[a-z0-9-]+)?$/, 'a name that a line of the page can begin with')
    t.ok((goal.atLeast === undefined) !== (goal.atMost === undefined), `${name} has either a lower or an upper bound`)
  }
})

t.test('test/proofs.txt has a line for every row, and none of them failed', async (t) => {
  const blocks = parsePage(readFileSync(join(tests, 'proofs.txt'), 'utf8'))
  const lines = blocks.flatMap((block) => [...block.lines])
  const howTo = 'run: npm run proofs -- --write [ROW…]'
  t.same(lines.map(([name]) => name).sort(), rowNames(families).sort(), howTo)
  t.same(lines.map(([, line]) => line).filter(isFailedLine), [], howTo)
  for (const { head } of blocks)
    t.match(head, /^\d{4}-\d\d-\d\dT[\d:]+Z, commit .+, \d+ processors, load average [\d. ]+/)
})

t.test('a run of some rows replaces their lines alone', async (t) => {
  const line = (row: string, ours: number) => ({
    ...{ row, ours, theirs: null, ratio: null, goal: '<= 9 s', unit: 's', rounds: 1, met: true, what: '' },
    spread: { ours: null, theirs: null, ratio: null },
  })
  const before = blockText('2026-01-01T00:00:00Z, commit a', [line('made/one', 1), line('made/two', 2)])
  const after = pageWith(before, blockText('2026-01-02T00:00:00Z, commit b', [line('made/two', 3)]))
  t.same(
    parsePage(after).map(({ head, lines }) => [head.slice(0, 10), ...lines.values()]),
    [
      ['2026-01-01', 'made/one  1 s  goal <= 9 s: met  in full'],
      ['2026-01-02', 'made/two  3 s  goal <= 9 s: met  in full'],
    ],
  )
  t.throws(() => parsePage('made/one  1 s\n'), { message: /begins with the head of a run/ })
})

/** Runs made rows as `npm run proofs` runs the real ones. */
function startMade(rows: readonly string[]) {
  const child = spawn(process.execPath, [madeRun, ...rows], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  return { child, exited, output: textOf(child.stdout), progress: child.stderr }
}

async function textOf(stream: Readable): Promise<string> {
  return (await stream.setEncoding('utf8').toArray()).join('')
}

t.test('a row that cannot run is FAILED with the reason, whatever ends it; the others go on', async (t) => {
  const rows = ['works', 'slow', 'fails', 'breaks', 'dies', 'hangs', 'silent'].map((name) => `made/${name}`)
  const { exited, output, progress } = startMade(rows)
  progress.resume()
  const [code] = await exited
  const lines = (await output).trim().split('\n').slice(1)
  t.equal(code, 1)
  t.same(
    lines.map((line) => line.replace(/ +/g, ' ')),
    [
      'made/works 1 (2 ÷ 2 MB/s) goal >= 0.8: met shortened: 1 instead of 2',
      'made/slow 0.5 (1 ÷ 2 MB/s) goal >= 0.8: not met in full',
      'made/fails FAILED: the store said no',
      'made/breaks FAILED: thrown where nobody waits',
      'made/dies FAILED: its process ended with SIGKILL before it was done',
      'made/hangs FAILED: not done within its limit of 0.5 s; it had said nothing',
      'made/silent FAILED: it gave no figure',
    ],
  )
  t.same(lines.filter(isFailedLine).length, 5)
})

t.test('a goal that is not met is no failure; a name that no row has is a wrong call', async (t) => {
  const said: string[] = []
  const run = (wanted: readonly string[]) =>
    runProofs({
      list: new URL('./made-rows.ts', import.meta.url),
      ...{ families: madeFamilies, wanted, page: null, signal: new AbortController().signal },
      say: (line) => said.push(line),
      print: () => undefined,
    })
  t.equal(await run(['made/slow']), 0)
  t.equal(await run(['made/works', 'made/unheard-of']), 2)
  t.match(said.at(-1), /^no row is named made\/unheard-of; there are: made\/works /)
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  t.test(`${signal} leaves no process behind`, async (t) => {
    const { child, exited, output, progress } = startMade(['made/waits', 'made/later'])
    let pids: number[] = []
    for await (const line of createInterface(progress)) {
      pids = /processes (\d+) (\d+)/.exec(line)?.slice(1).map(Number) ?? []
      if (pids.length > 0) break
    }
    t.equal(pids.filter(isAlive).length, 2)
    progress.resume()
    child.kill(signal)
    await exited
    while (pids.some(isAlive)) await delay(20)
    t.notOk(pids.some(isAlive))
    if (signal === 'SIGKILL') return
    t.match(
      await output,
      new RegExp(`made/waits +FAILED: interrupted by ${signal}\nmade/later +FAILED: interrupted by ${signal}\n`),
    )
  })
}

function isAlive(pid: number): boolean {
  return startTicksOf(pid) !== ''
}
