import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildGoPrograms, isCurrent } from './go-programs.mjs'
import { withLock } from './lock.mjs'
import { cachedPrograms, isProgram, onPath, outputOf } from './programs.mjs'
import { InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'
import { installWithApt } from './system.mjs'

// Tools that others wrote and that the tests let judge our products. Each function returns the path of a program or throws
// InstallFailure; a test then says that the check was left out, and why.

// v0.10.0 asks for Go 1.27.
const witness = {
  name: 'litewitness',
  module: 'filippo.io/torchwood/cmd/litewitness',
  version: 'v0.9.0',
  usual: 'half a minute',
}
const witnessFreeBytesMin = 2 * 1024 ** 3
const bagitVersion = '1.9.0'

/** The witness that others wrote: LITEWITNESS_BIN, else built once into the cache (10 MB; 700 MB for half a minute). */
export async function installLitewitness() {
  if (process.env.LITEWITNESS_BIN) {
    if (isProgram(process.env.LITEWITNESS_BIN)) return process.env.LITEWITNESS_BIN
    throw new InstallFailure(`LITEWITNESS_BIN=${process.env.LITEWITNESS_BIN} is not a program`)
  }
  const path = join(cachedPrograms(), witness.name)
  const isThere = () => isProgram(path) && isCurrent(path, witness)
  if (isThere()) return path
  await withLock(join(dirname(cachedPrograms()), 'litewitness.lock'), witness.name, async () => {
    if (!isThere()) await buildGoPrograms([witness], witnessFreeBytesMin)
  })
  return path
}

/** `bagit.py` of PyPI's bagit in a Python environment of its own in the cache (25 MB), or BAGIT_BIN. */
export async function installBagit() {
  if (process.env.BAGIT_BIN) {
    if (isProgram(process.env.BAGIT_BIN)) return process.env.BAGIT_BIN
    throw new InstallFailure(`BAGIT_BIN=${process.env.BAGIT_BIN} is not a program`)
  }
  const cache = dirname(cachedPrograms())
  const home = join(cache, `bagit-${bagitVersion}`)
  const path = join(home, 'bin', 'bagit.py')
  if (bagitRuns(path)) return path
  await withLock(join(cache, 'bagit.lock'), 'bagit', async () => {
    if (!bagitRuns(path)) await makeBagit(cache, home)
  })
  return path
}

/** A Python environment breaks when the machine's Python is replaced, so it is run, not only looked for. */
function bagitRuns(path) {
  return isProgram(path) && outputOf(path, ['--version']).includes(bagitVersion)
}

async function makeBagit(cache, home) {
  const startMs = Date.now()
  const python = await findPython()
  say(`  bagit: installed once from PyPI into ${home}, some seconds`)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const steps = [
    [python, ['-m', 'venv', home]],
    [join(home, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', `bagit==${bagitVersion}`]],
  ]
  for (const [command, args] of steps) {
    const { code, output } = await run(command, args)
    if (code !== 0) throw new InstallFailure(`bagit ${bagitVersion} could not be installed from PyPI:\n${tail(output)}`)
  }
  if (!bagitRuns(join(home, 'bin', 'bagit.py'))) throw new InstallFailure('bagit was installed, but does not run')
  say(`  bagit installed (${secondsSince(startMs)} s)`)
}

/** A Python 3 that can make environments (Debian has that part in a package of its own). */
async function findPython() {
  const find = () =>
    ['/usr/bin/python3', onPath('python3')].find(
      (path) =>
        path && isProgram(path) && outputOf(path, ['-c', 'import venv, ensurepip; print("yes")']).includes('yes'),
    )
  const present = find()
  if (present) return present
  const problem = await installWithApt(['python3', 'python3-venv'])
  const installed = find()
  if (!installed) throw new InstallFailure(`no Python 3 with venv: ${problem ?? 'the packages did not bring it'}`)
  return installed
}

/** What `npm test` installs ahead, so that no test waits for it; what cannot be had is named and left out. */
export async function installOutsidersTools() {
  for (const [name, install] of [
    ['litewitness', installLitewitness],
    ['bagit', installBagit],
  ]) {
    try {
      await install()
    } catch (error) {
      if (!(error instanceof InstallFailure)) throw error
      say(`  left out: ${name}: ${error.message}`)
    }
  }
}
