import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { findGo } from './go.mjs'
import { withLock } from './lock.mjs'
import { cachedPrograms, isProgram, minioClient, minioServer, storesAreGiven } from './programs.mjs'
import { everyTenSeconds, InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'

// MinIO's community edition is published as source only; these are the last commits of its two archived repositories,
// by pseudo-version (the module proxy refuses the release tags).
const server = {
  name: 'minio',
  module: 'github.com/minio/minio',
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  usual: '2 to 4 minutes',
}
const client = {
  name: 'mc',
  module: 'github.com/minio/mc',
  version: 'v0.0.0-20250313080218-cf909e1063a9',
  usual: 'half a minute',
}
const freeBytesMin = 6 * 1024 ** 3

/**
 * Makes sure of the MinIO server, and for the bench of its client; builds them once into a cache that later runs and
 * other checkouts share.
 */
export async function installMinio({ withClient }) {
  for (const [name, path] of [
    ['MINIO_BIN', process.env.MINIO_BIN],
    ['MC_BIN', process.env.MC_BIN],
  ]) {
    if (path && !isProgram(path)) throw new InstallFailure(`${name}=${path} is not a program`)
  }
  const wanted = () => [
    ...(storesAreGiven() || isCurrent(minioServer(), server) ? [] : [server]),
    ...(!withClient || isCurrent(minioClient(), client) ? [] : [client]),
  ]
  if (wanted().length === 0) return
  await withLock(join(dirname(cachedPrograms()), 'build.lock'), 'MinIO', async () => {
    if (wanted().length > 0) await build(wanted())
  })
}

/** A program of the user's is taken as it is; one of our cache must be of the pinned version. */
function isCurrent(path, program) {
  if (!path) return false
  const stamp = join(cachedPrograms(), `${program.name}.version`)
  return dirname(path) !== cachedPrograms() || !existsSync(stamp) || readFileSync(stamp, 'utf8') === program.version
}

async function build(programs) {
  const cache = dirname(cachedPrograms())
  mkdirSync(cachedPrograms(), { recursive: true })
  const free = statfsSync(cache)
  if (free.bavail * free.bsize < freeBytesMin) {
    throw new InstallFailure(`building MinIO needs 6 GB free below ${cache} for a few minutes.\n${otherWays()}`)
  }
  const work = mkdtempSync(join(cache, 'build-'))
  try {
    const { go, env } = await findGo(buildEnvironment(work))
    for (const program of programs) await buildOne(go, env, program)
  } catch (error) {
    if (error instanceof InstallFailure) throw new InstallFailure(`${error.message}\n${otherWays()}`)
    throw error
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Caches of their own, deleted afterwards: the two builds leave over 4 GB behind. */
function buildEnvironment(work) {
  for (const name of ['path', 'mod', 'build', 'bin', 'tmp']) mkdirSync(join(work, name))
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GO111MODULE: 'on',
    GOFLAGS: '-modcacherw',
    GOPATH: join(work, 'path'),
    GOMODCACHE: join(work, 'mod'),
    GOCACHE: join(work, 'build'),
    GOBIN: join(work, 'bin'),
    GOTMPDIR: join(work, 'tmp'),
  }
}

async function buildOne(go, env, program) {
  const startMs = Date.now()
  say(`  ${program.name}: no program found, so it is built once from source into ${cachedPrograms()}, ${program.usual}`)
  let packages = 0
  const stop = everyTenSeconds(() => `${modulesIn(env.GOMODCACHE)} modules fetched, ${packages} packages compiled`)
  const args = ['install', '-v', '-trimpath', '-ldflags', '-s -w', `${program.module}@${program.version}`]
  const onLine = (line) => {
    if (!line.startsWith('go: ')) packages += 1
  }
  const { code, output } = await run(go, args, { env, cwd: env.GOPATH, onLine }).finally(stop)
  if (code !== 0) throw new InstallFailure(`go install of ${program.name} failed:\n${tail(output)}`)
  // Renamed into place, so that nobody ever runs half a file.
  const built = join(env.GOBIN, program.name)
  chmodSync(built, 0o755)
  renameSync(built, join(cachedPrograms(), program.name))
  writeFileSync(join(cachedPrograms(), `${program.name}.version`), program.version)
  say(`  ${program.name} built (${secondsSince(startMs)} s)`)
}

function modulesIn(cache) {
  const directory = join(cache, 'cache', 'download')
  if (!existsSync(directory)) return 0
  return readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.zip')).length
}

function otherWays() {
  return (
    '  Ways to have MinIO: MINIO_BIN=/path/to/minio (the bench wants MC_BIN=/path/to/mc too); the programs on the PATH; Go 1.24 or newer\n' +
    '  (or any Go from 1.19 on: system package golang-go) so that they can be built; the addresses of three servers in\n' +
    '  STORE_PRIMARY_, STORE_BACKUP_A_ and STORE_BACKUP_B_ENDPOINT, _ACCESS_KEY, _SECRET_KEY; or Docker Compose:\n' +
    '  docker compose up --build'
  )
}
