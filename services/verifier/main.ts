import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../foundation/hash.ts'
import { runVerifier } from './program.ts'

const ownFile = fileURLToPath(import.meta.url)

process.exitCode = await runVerifier(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  columns: process.stderr.isTTY ? process.stderr.columns : null,
  now: () => new Date(),
  program: async () => `evidence-verifier 1.0.0 SHA-256 ${sha256(await readFile(ownFile)).toString('hex')}`,
})
