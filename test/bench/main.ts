// npm run bench [-- --json] [--rounds N] [--profile DIR] [ROW…]
//
// Measures the rows of DESIGN.md §6 that exist, each against a program others wrote, both sides in turn in one run, on
// servers of its own below .stack/. ROW is a name or the beginning of one (`ingest`). --json prints one object a line.
// The rows `ledger/…` build a log of a million events first: five minutes on a quiet machine, twelve on a busy one.
// --profile leaves a CPU profile of each of our processes in DIR. Progress goes to the standard error.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { notRun, type RowResult, type RowSpec, resultOf, tableOf } from './harness.ts'
import { families } from './rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    profile: { type: 'string' },
  },
})
const say = (line: string) => process.stderr.write(`${line}\n`)
const rounds = Number(values.rounds)
const known = families.flatMap((family) => family.rows.map((row) => row.name))
const unknown = positionals.filter((wanted) => !known.some((name) => matches(name, wanted)))

if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  say(`usage: npm run bench -- [--json] [--rounds N] [--profile DIR] [ROW…]\nrows: ${known.join(' ')}`)
  process.exitCode = 2
} else {
  const results: RowResult[] = []
  const report = (result: RowResult) => {
    results.push(result)
    if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  }
  for (const family of families) {
    const wanted = family.rows.filter((row) => isWanted(row))
    if (wanted.length > 0) (await measure(family, wanted)).forEach(report)
  }
  if (!values.json) process.stdout.write(`\n${tableOf(results)}`)
  if (results.some((result) => result.reason !== undefined)) process.exitCode = 1
}

function isWanted(row: RowSpec): boolean {
  return positionals.length === 0 || positionals.some((wanted) => matches(row.name, wanted))
}

function matches(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}/`)
}

/** A family that cannot run ends as rows with the reason; the others go on. */
async function measure(family: (typeof families)[number], wanted: readonly RowSpec[]): Promise<RowResult[]> {
  say(`${wanted.map((row) => row.name).join(', ')} …`)
  const startMs = Date.now()
  try {
    const profile = values.profile === undefined ? null : resolve(values.profile)
    const measured = await family.run({ rounds, say: (line) => say(`  ${line}`), profile })
    return wanted.map((row) => {
      const figures = measured[row.name]
      return figures ? resultOf(row, figures) : notRun(row, 'it gave no figure')
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return wanted.map((row) => notRun(row, reason))
  } finally {
    say(`  ${((Date.now() - startMs) / 1000).toFixed(0)} s`)
  }
}
