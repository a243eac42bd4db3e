// npm run proofs [-- [--write] [ROW…]]
//
// A short run (one round, smaller inputs) of every row of the bench (test/bench), and every proof that is too long for
// `npm test`: about an hour on two quiet processors. At its end it prints one line a row: figure, goal, whether the
// goal is met, and what was shortened. A goal that is not met is reported, no more; a row that cannot run, a proof that
// fails, or one that is not done within its limit is FAILED, and the exit code is 1. ROW is a name or the beginning of
// one (`ingest`).
//
// --write puts the lines into test/proofs.txt, which is committed: the whole page, or with ROW those lines alone.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { abortedBySignals } from '../bench/own-process.ts'
import { families } from './proofs.ts'
import { runProofs } from './run.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean' } } })

process.exitCode = await runProofs({
  list: new URL('./proofs.ts', import.meta.url),
  families,
  wanted: positionals,
  page: values.write ? resolve(import.meta.dirname, '../proofs.txt') : null,
  signal: abortedBySignals(),
  say: (line) => process.stderr.write(`${line}\n`),
  print: (text) => process.stdout.write(text),
})
