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
import { cachedPrograms } from './programs.mjs'
import { everyTenSeconds, InstallFailure, say, secondsSince, tail } from './progress.mjs'
import { run } from './run.mjs'

// Programs that are published as Go source only: built once, at a pinned version, into the cache that all checkouts share.
// A program is { name, module, version, usual }: `module` is the package to build, `usual` says how long that takes.

/** A program of the user's is taken as it is; one of our cache must be of the pinned version. */
export function isCurrent(path, program) {
  if (!path) return false
  const stamp = join(cachedPrograms(), `${program.name}.version`)
  return dirname(path) !== cachedPrograms() || !existsSync(stamp) || readFileSync(stamp, 'utf8') === program.version
}

/**
 * Builds the programs into the cache. Throws InstallFailure when less than `freeBytesMin` are free, when there is no Go
 * and none can be had, or when a build fails.
 */
export async function buildGoPrograms(programs, freeBytesMin) {
  const cache = dirname(cachedPrograms())
  mkdirSync(cachedPrograms(), { recursive: true })
  const free = statfsSync(cache)
  if (free.bavail * free.bsize < freeBytesMin) {
    const names = programs.map(({ name }) => name).join(' and ')
    throw new InstallFailure(
      `building ${names} needs ${Math.ceil(freeBytesMin / 1024 ** 3)} GB free below ${cache} for a few minutes.`,
    )
  }
  const work = mkdtempSync(join(cache, 'build-'))
  try {
    const { go, env } = await findGo(buildEnvironment(work))
    for (const program of programs) await buildOne(go, env, program)
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Caches of their own, deleted afterwards: the builds of MinIO leave over 4 GB behind. */
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
