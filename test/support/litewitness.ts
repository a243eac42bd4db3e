import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { freePort } from '../../deploy/local/stack/free-port.ts'
import { until } from './world.ts'

const run = promisify(execFile)

/** A witness that others wrote, listening. */
export interface Litewitness {
  /** Prefix of its submission path: `${url}/add-checkpoint`. */
  readonly url: string
  /** Its verifier key: c2sp.org/tlog-cosignature, type 0x04. */
  readonly verifierKey: string
  /** Its SQLite file: tables `log(origin, tree_size, tree_hash)` and `key(origin, key)`. */
  readonly database: string
}

/**
 * Starts it for one log, with a fresh key in an ssh-agent of its own; it ends with the test. `programs` are the paths of
 * test/support/tools.ts; `verifierKeys` those of the log (Ed25519, type 0x01).
 */
export async function startLitewitness(
  t: { teardown(end: () => unknown): unknown },
  programs: { litewitness: string; sshAgent: string },
  log: { origin: string; verifierKeys: readonly string[] },
  name = 'witness.example/others',
): Promise<Litewitness> {
  // A socket's path has at most 107 bytes.
  const directory = mkdtempSync(join(tmpdir(), 'witness-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }))
  const socket = join(directory, 'agent')
  const database = join(directory, 'witness.db')
  const beside = (program: string) => join(dirname(programs.sshAgent), program)
  const key = join(directory, 'key')
  await run(beside('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', 'witness', '-f', key])
  startUntilTheEnd(t, programs.sshAgent, ['-D', '-a', socket])
  await until(() => existsSync(socket))
  await run(beside('ssh-add'), ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
  const fingerprint = /SHA256:\S+/.exec((await run(beside('ssh-keygen'), ['-l', '-f', `${key}.pub`])).stdout)![0]

  addLog(database, log)
  const address = `127.0.0.1:${await freePort()}`
  const flags = ['-db', database, '-ssh-agent', socket, '-name', name, '-key', fingerprint, '-listen', address]
  startUntilTheEnd(t, programs.litewitness, flags)
  const url = `http://${address}`
  await until(() =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return { url, verifierKey: verifierKeyOf(name, readFileSync(`${key}.pub`, 'utf8')), database }
}

function startUntilTheEnd(t: { teardown(end: () => unknown): unknown }, command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  t.teardown(() => {
    child.kill()
    return ended
  })
}

/** What its own tool `witnessctl add-log` and `add-key` would write; that tool needs a module that is not to be had everywhere. */
function addLog(path: string, log: { origin: string; verifierKeys: readonly string[] }): void {
  const database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE log (origin TEXT PRIMARY KEY, tree_size INTEGER NOT NULL, tree_hash TEXT NOT NULL);
    CREATE TABLE key (origin TEXT NOT NULL, key TEXT NOT NULL, FOREIGN KEY(origin) REFERENCES log(origin));
  `)
  const emptyRoot = createHash('sha256').digest('base64')
  database.prepare('INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)').run(log.origin, emptyRoot)
  const insertKey = database.prepare('INSERT INTO key (origin, key) VALUES (?, ?)')
  for (const verifierKey of log.verifierKeys) insertKey.run(log.origin, verifierKey)
  database.close()
}

/** c2sp.org/signed-note: key id = SHA-256(name || 0x0A || type || public key)[:4]; type 0x04 of tlog-cosignature. */
function verifierKeyOf(name: string, sshPublicKey: string): string {
  // An OpenSSH blob ends with the 32 bytes of the key.
  const publicKey = Buffer.from(sshPublicKey.split(' ')[1]!, 'base64').subarray(-32)
  const typed = Buffer.concat([Buffer.from([0x04]), publicKey])
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4)
  return `${name}+${id.toString('hex')}+${typed.toString('base64')}`
}
