// Installs what `npm run demo`, `npm test`, `npm run bench` and `npm run proofs` need. Runs as their `pre` script on
// whatever Node npm has (20 or newer), before node_modules exists, so it uses nothing but Node itself. A run with nothing
// to do is silent but for one line.
//
//   node deploy/local/install.mjs [--packages-only] [--tests] [--bench]

import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installConsole } from './install/console.mjs'
import { installMinio } from './install/minio.mjs'
import { installOutsidersTools } from './install/outsiders.mjs'
import { installPackages } from './install/packages.mjs'
import { InstallFailure, say, secondsSince } from './install/progress.mjs'
import { installSystemPrograms } from './install/system.mjs'
import { installVerifier } from './install/verifier.mjs'

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const startMs = Date.now()
const packagesOnly = process.argv.includes('--packages-only')
const forTests = process.argv.includes('--tests') || process.env.npm_lifecycle_event === 'pretest'
const forBench = process.argv.includes('--bench') || ['prebench', 'preproofs'].includes(process.env.npm_lifecycle_event)

try {
  await installPackages(checkout)
  await installVerifier()
  await installConsole(checkout)
  if (!packagesOnly) {
    await installSystemPrograms({ forTests })
    await installMinio({ withClient: forBench })
    if (forTests) await installOutsidersTools()
  }
  say(`everything needed is installed (${secondsSince(startMs)} s)`)
} catch (error) {
  if (!(error instanceof InstallFailure)) throw error
  process.stderr.write(`\n${error.message}\n`)
  process.exitCode = 1
}
