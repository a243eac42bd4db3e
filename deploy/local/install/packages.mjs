import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { withLock } from './lock.mjs'
import { InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'

/**
 * npm packages, Node 24 among them, when what lies in node_modules is not what package-lock.json says.
 * Works before node_modules exists and while being run by npm itself.
 */
export async function installPackages(checkout) {
  if (packagesAreCurrent(checkout)) return
  const key = createHash('sha256').update(checkout).digest('hex').slice(0, 16)
  await withLock(join(tmpdir(), `evidence-custody-npm-${key}.lock`), 'the npm packages', async () => {
    if (packagesAreCurrent(checkout)) return
    const startMs = Date.now()
    say('  npm packages (Node 24 among them), about half a minute')
    // Not `npm ci`: it refuses a lock without the packages of every other platform, which not every registry has.
    // With --no-save the versions and digests of the lock hold just the same, and neither file is rewritten.
    const args = [
      'install',
      '--no-save',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--no-progress',
      '--loglevel=error',
    ]
    const { code, output } = await run('npm', args, { cwd: checkout, env: environmentForNpm(checkout) })
    if (code !== 0 || !packagesAreCurrent(checkout)) {
      throw new InstallFailure(
        `npm install failed (exit ${code}):\n${tail(output)}\n` +
          '  Ways on: give npm a registry it can reach (npm_config_registry), copy node_modules of this commit here,\n' +
          '  or use Docker Compose: docker compose up --build',
      )
    }
    say(`  npm packages installed (${secondsSince(startMs)} s)`)
  })
}

/** True when node_modules holds each package of package-lock.json in its version. npm writes its list last. */
function packagesAreCurrent(checkout) {
  const hidden = join(checkout, 'node_modules/.package-lock.json')
  if (!existsSync(hidden) || !existsSync(join(checkout, 'node_modules/.bin/node'))) return false
  const wanted = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.includes('node_modules/') ||
      entry.optional ||
      entry.link ||
      // What lies below a package of ours is not part of a node_modules that was copied here.
      (present[path]?.version === entry.version && existsSync(join(checkout, path, 'package.json'))),
  )
}

/**
 * npm's own environment without what an outer npm says about its run (it would take the outer one's prefix and
 * switches for its own), and with no node of the node_modules that is about to be deleted on the PATH.
 */
function environmentForNpm(checkout) {
  const env = {}
  const disturbing =
    /^npm_(package_|lifecycle_|command$|execpath$|node_execpath$|config_(.*prefix|dry_run|global|omit|production|workspaces?|package_lock_only|ignore_scripts)$)/i
  for (const [name, value] of Object.entries(process.env)) if (!disturbing.test(name)) env[name] = value
  const own = join(checkout, 'node_modules')
  const path = (env.PATH ?? '').split(delimiter).filter((directory) => !directory.startsWith(own))
  if (path.some((directory) => existsSync(join(directory, 'node')))) env.PATH = path.join(delimiter)
  return env
}
