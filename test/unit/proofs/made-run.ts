// `npm run proofs` with made rows: node made-run.ts ROW…

import { abortedBySignals } from '../../bench/own-process.ts'
import { runProofs } from '../../proofs/run.ts'
import { families } from './made-rows.ts'

process.exitCode = await runProofs({
  list: new URL('./made-rows.ts', import.meta.url),
  families,
  wanted: process.argv.slice(2),
  page: null,
  signal: abortedBySignals(),
  say: (line) => process.stderr.write(`${line}\n`),
  print: (text) => process.stdout.write(text),
})
