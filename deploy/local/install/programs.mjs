import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

// Where programs are found. Used by the installer (Node 20, before any package is there) and by the local stack.

/** Full path of a program on the PATH, or undefined. */
export function onPath(name) {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, name)
    if (directory !== '' && isProgram(path)) return path
  }
  return undefined
}

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** What a program prints for `args`; empty when it cannot be run. */
export function outputOf(path, args) {
  try {
    return execFileSync(path, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch {
    return ''
  }
}

/** The folder with the newest PostgreSQL server's programs, or undefined when none of `oldestMajor` or newer is there. */
export function postgresBin(oldestMajor = 15) {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const places = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return places.find((directory) => {
    if (directory === '' || !['initdb', 'postgres', 'pg_ctl'].every((name) => isProgram(join(directory, name))))
      return false
    return majorOf(outputOf(join(directory, 'postgres'), ['--version'])) >= oldestMajor
  })
}

/** redis-server of at least `oldestMajor` (or valkey, which speaks the same), or undefined. */
export function redisServer(oldestMajor = 7) {
  return [onPath('redis-server'), onPath('valkey-server')].find(
    (path) => path && majorOf(outputOf(path, ['--version']).replace(/^.*v=/, '')) >= oldestMajor,
  )
}

/** Folder of programs that were built here, shared by all checkouts. */
export function cachedPrograms() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'evidence-custody', 'bin')
}

/** The MinIO server: MINIO_BIN, then the PATH, then our cache; undefined when there is none. */
export function minioServer() {
  return process.env.MINIO_BIN || onPath('minio') || cached('minio')
}

/** The MinIO client: MC_BIN, then the PATH, then our cache. Midnight Commander is called mc too and is passed over. */
export function minioClient() {
  if (process.env.MC_BIN) return process.env.MC_BIN
  const path = onPath('mc')
  return path && /minio/i.test(outputOf(path, ['--version'])) ? path : cached('mc')
}

/** A Chromium or Chrome: CHROMIUM_BIN, then the PATH. */
export function chromium() {
  return process.env.CHROMIUM_BIN || onPath('chromium') || onPath('chromium-browser') || onPath('google-chrome')
}

/** A font with Chinese glyphs for burnt-in text: FONT_FILE, then Noto where distributions put it, or undefined. */
export function chineseFont() {
  return [
    process.env.FONT_FILE,
    '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc',
  ].find((path) => path && existsSync(path))
}

/** True when the address and both keys of each of the three stores are in the environment. */
export function storesAreGiven() {
  return ['PRIMARY', 'BACKUP_A', 'BACKUP_B'].every((name) => process.env[`STORE_${name}_ENDPOINT`])
}

function cached(name) {
  const path = join(cachedPrograms(), name)
  return isProgram(path) ? path : undefined
}

function majorOf(text) {
  return Number(/(\d+)/.exec(text)?.[1] ?? 0)
}
