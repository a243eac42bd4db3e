import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { Fault } from '../../../services/foundation/errors.ts'
import { postgresBin } from '../install/programs.mjs'
import { freePort } from './free-port.ts'
import { startServer, stopServer, untilReady } from './processes.ts'
import { type PostgresState, type RoleName, roleNames } from './state.ts'

const run = promisify(execFile)
const rolesSql = new URL('../../database/roles.sql', import.meta.url)
/** Says on the roles of a server that was given by address that a local stack made them and may drop them again. */
const roleComment = 'made by the local stack of evidence-custody'

/** Makes a private cluster below `directory` with the services' roles and the database, and leaves it running. */
export async function createPostgres(directory: string, survive: boolean): Promise<PostgresState> {
  const programs = postgresBin()
  if (!programs) throw new Fault('not_ready', 'PostgreSQL 15 or newer was not found; node deploy/local/install.mjs')
  const user = unprivilegedUser()
  const folder = folderFor(directory, user)
  const password = randomBytes(24).toString('hex')
  const passwordFile = join(folder, 'superuser-password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (user) chownSync(passwordFile, user.uid, user.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'superuser', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8']
  await run(join(programs, 'initdb'), [...init, '--locale=C.UTF-8'], { cwd: '/', ...user })
  rmSync(passwordFile)
  const port = await freePort()
  appendFileSync(join(data, 'postgresql.conf'), settings(port))
  const state: PostgresState = {
    host: '127.0.0.1',
    port,
    database: 'custody',
    superuserUrl: `postgres://superuser:${password}@127.0.0.1:${port}/postgres`,
    rolePasswords: randomPasswords(),
    own: { folder, programs, ...user },
  }
  await startPostgres(directory, state, survive)
  await createRoles(state, 'local stack')
  return state
}

/** Uses a server given by address (a superuser's URL): a database of our own on it, and the services' roles. */
export async function adoptPostgres(url: string): Promise<PostgresState> {
  const address = new URL(url)
  const state: PostgresState = {
    host: address.hostname,
    port: Number(address.port || 5432),
    database: `custody_${randomBytes(4).toString('hex')}`,
    superuserUrl: url,
    rolePasswords: randomPasswords(),
  }
  await query(url, async (client) => {
    const { rows } = await client.query(
      `select rolname from pg_roles where rolname = any($1) and shobj_description(oid, 'pg_authid') is distinct from $2`,
      [roleNames.map((role) => `custody_${role}`), roleComment],
    )
    if (rows.length > 0) {
      throw new Fault(
        'bad_config',
        `the server of DATABASE_URL already has the role ${rows[0].rolname}: it seems to serve an installation, ` +
          'whose passwords a local stack would overwrite. Give another server, or unset DATABASE_URL',
      )
    }
  })
  await createRoles(state, roleComment)
  return state
}

/** Takes away what adoptPostgres made. */
export async function leavePostgres(state: PostgresState): Promise<void> {
  await query(state.superuserUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(state.database)} with (force)`)
  })
}

export async function startPostgres(directory: string, state: PostgresState, survive: boolean): Promise<void> {
  const { folder, programs, uid, gid } = requireOwn(state)
  const data = join(folder, 'data')
  const program = join(programs, 'postgres')
  // TERM would wait for every client to leave
  const command = { name: 'postgres', program, args: ['-D', data], mark: data, uid, gid, deathSignal: 'INT' } as const
  const child = startServer(directory, command, survive)
  await untilReady(directory, 'postgres', child, () => answers(state.superuserUrl))
}

/** `orderly` is a fast shutdown; `at-once` is what a crash leaves: recovery from the log at the next start. */
export async function stopPostgres(directory: string, how: 'orderly' | 'at-once'): Promise<void> {
  await stopServer(directory, 'postgres', how === 'orderly' ? 'SIGINT' : 'SIGQUIT')
}

/** The address for a role of the services (or the superuser) and a database; default the stack's own one. */
export function postgresUrl(state: PostgresState, role: RoleName | 'superuser', database = state.database): string {
  const url = new URL(state.superuserUrl)
  url.pathname = `/${database}`
  if (role !== 'superuser') {
    url.username = `custody_${role}`
    url.password = state.rolePasswords[role]
  }
  return url.href
}

function settings(port: number): string {
  // Durability stays at PostgreSQL's defaults: the sequencer refuses a server that could forget a commit.
  return [
    '',
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 300',
    'shared_buffers = 256MB',
    'max_wal_size = 2GB',
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    'log_min_error_statement = panic # statements may hold personal data',
    '',
  ].join('\n')
}

async function createRoles(state: PostgresState, comment: string): Promise<void> {
  await query(state.superuserUrl, async (client) => {
    for (const role of roleNames) {
      await client.query('select set_config($1, $2, false)', [`custody.${role}_password`, state.rolePasswords[role]])
    }
    await client.query('select set_config($1, $2, false)', ['custody.role_comment', comment])
    await client.query(readFileSync(rolesSql, 'utf8'))
    const name = client.escapeIdentifier(state.database)
    await client.query(`create database ${name} owner custody_owner`)
    await client.query(`revoke connect on database ${name} from public`)
    const services = roleNames.map((role) => `custody_${role}`).join(', ')
    await client.query(`grant connect on database ${name} to ${services}`)
  })
}

async function query(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 30_000 })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined) // the answer is false, whatever the reason
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

function requireOwn(state: PostgresState): NonNullable<PostgresState['own']> {
  if (!state.own) throw new Fault('conflict', 'this PostgreSQL was given by address: it is not ours to start or stop')
  return state.own
}

function randomPasswords(): Record<RoleName, string> {
  const password = () => randomBytes(24).toString('hex')
  return { owner: password(), ingest: password(), access: password(), worker: password(), sequencer: password() }
}

/** PostgreSQL refuses to run as root: then the system's postgres user runs it, or nobody. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
  const row = ['postgres', 'nobody'].map((name) => passwd.find((line) => line.startsWith(`${name}:`))).find(Boolean)
  if (!row) throw new Fault('not_ready', 'PostgreSQL does not run as root, and there is no user postgres or nobody')
  const [, , uid, gid] = row.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/**
 * <directory>/postgres. Below a folder that the other user cannot enter, as root's home is one, it is a link to a folder of
 * his own in a temporary directory; whoever takes the stack down finds that one by it, even after a crash.
 */
function folderFor(directory: string, user: { uid: number; gid: number } | undefined): string {
  const folder = join(directory, 'postgres')
  if (!user || canEnter(directory, user)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (user) chownSync(folder, user.uid, user.gid)
    return folder
  }
  const places = [tmpdir(), '/tmp', '/var/tmp']
  const place = places.find((path) => canEnter(path, user))
  if (!place) {
    const looked = [directory, ...new Set(places)].join(', ')
    throw new Fault(
      'not_ready',
      `PostgreSQL's user (uid ${user.uid}) can enter none of ${looked}: set TMPDIR to a folder that it can`,
    )
  }
  const elsewhere = mkdtempSync(join(place, 'custody-postgres-'))
  chownSync(elsewhere, user.uid, user.gid)
  symlinkSync(elsewhere, folder)
  return elsewhere
}

/** Removes what folderFor made for a stack that is stopped, wherever it lies. Nothing there is fine. */
export function removePostgresFolder(directory: string): void {
  const folder = join(directory, 'postgres')
  const elsewhere = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(folder) : null
  for (const path of [elsewhere, folder]) if (path) rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}

function canEnter(directory: string, user: { uid: number; gid: number }): boolean {
  try {
    execFileSync('/usr/bin/test', ['-x', directory], { cwd: '/', stdio: 'ignore', ...user })
    return true
  } catch {
    return false
  }
}
