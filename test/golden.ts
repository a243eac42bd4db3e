// npm run golden: runs every test that compares a golden file, and writes those files anew instead of comparing them.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '..')
const files = globSync('test/{unit,integration}/**/*.test.ts', { cwd: repository }).filter((file) =>
  /\bcompareGolden(Bytes)?\(/.test(readFileSync(resolve(repository, file), 'utf8')),
)
const child = spawn(process.execPath, ['test/run.ts', ...files], {
  cwd: repository,
  env: { ...process.env, CUSTODY_GOLDEN: 'write' },
  stdio: 'inherit',
})
const [code] = (await once(child, 'close')) as [number | null]
process.exitCode = code ?? 1
