// npm run bench [-- --json] [--rounds N] [--short] [--profile DIR] [ROW…]
//
// Measures the rows of DESIGN.md §6 that exist, each against a program others wrote, both sides in turn in one run, on
// servers of its own below .stack/. ROW is a name or the beginning of one (`ingest`). --json prints one object a line.
// --profile leaves a CPU profile of each of our processes in DIR. Progress goes to the standard error.
//
// How long it takes: most rows a few minutes. The rows `ledger/…` build a log of a million events first, which takes five
// minutes on a quiet machine and twelve on a busy one. --short measures smaller inputs and says which: a minute or two a
// row, as in `npm run proofs`. A row that is not done within its limit (20 minutes unless the row says otherwise), crashes
// or cannot run is shown with the reason; the others go on, and the exit code is 1.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { tableOf } from './harness.ts'
import { measureAll, roundsUsual, rowNames, unknownNames } from './measure.ts'
import { abortedBySignals } from './own-process.ts'
import { families } from './rows.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: String(roundsUsual) },
    short: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const say = (line: string) => process.stderr.write(`${line}\n`)
const rounds = Number(values.rounds)

if (unknownNames(families, positionals).length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const names = rowNames(families).join(' ')
  say(`usage: npm run bench -- [--json] [--rounds N] [--short] [--profile DIR] [ROW…]\nrows: ${names}`)
  process.exitCode = 2
} else {
  const results = await measureAll({
    list: new URL('./rows.ts', import.meta.url),
    ...{ families, rounds, say },
    wanted: positionals,
    isShort: values.short,
    profile: values.profile === undefined ? null : resolve(values.profile),
    signal: abortedBySignals(),
    onResult: (result) => {
      if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    },
  })
  if (!values.json) process.stdout.write(`\n${tableOf(results)}`)
  process.exitCode = results.some(({ reason }) => reason !== undefined) ? 1 : 0
}
