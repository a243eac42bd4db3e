import { dirname, join } from 'node:path'
import { buildGoPrograms, isCurrent } from './go-programs.mjs'
import { withLock } from './lock.mjs'
import { cachedPrograms, isProgram, minioClient, minioServer, storesAreGiven } from './programs.mjs'
import { InstallFailure } from './progress.mjs'

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

async function build(programs) {
  try {
    await buildGoPrograms(programs, freeBytesMin)
  } catch (error) {
    if (error instanceof InstallFailure) throw new InstallFailure(`${error.message}\n${otherWays()}`)
    throw error
  }
}

function otherWays() {
  return (
    '  Ways to have MinIO: MINIO_BIN=/path/to/minio (the bench wants MC_BIN=/path/to/mc too); the programs on the PATH; Go 1.24 or newer\n' +
    '  (or any Go from 1.19 on: system package golang-go) so that they can be built; the addresses of three servers in\n' +
    '  STORE_PRIMARY_, STORE_BACKUP_A_ and STORE_BACKUP_B_ENDPOINT, _ACCESS_KEY, _SECRET_KEY; or Docker Compose:\n' +
    '  docker compose up --build'
  )
}
