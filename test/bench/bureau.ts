// A bureau for one family of rows: servers of its own, a migrated database, docks and devices, and the product's own
// processes, each its real main file, started when a row asks for it.

import { execFile } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type SeenOnDevice, signedHandIn } from '../../deploy/local/demo/hand-in-list.ts'
import { freePort } from '../../deploy/local/stack/free-port.ts'
import { type RoleName, type ServiceName, type Stack, startStack, stopStack } from '../../deploy/local/stack.ts'
import { footageFlags } from '../../deploy/local/system/commands.ts'
import { type RunningProcess, startProcess } from '../../deploy/local/system/process.ts'
import { registerDevice } from '../../services/custody/devices/device.ts'
import { registerDock } from '../../services/custody/devices/dock.ts'
import { systemClock } from '../../services/foundation/clock.ts'
import { type Db, openDatabase } from '../../services/foundation/db/database.ts'
import { migrate } from '../../services/foundation/db/migrate.ts'
import { generateSignerKey, signatureTypes } from '../../services/ledger/format/keys.ts'
import { vrfGenerateKey } from '../../services/ledger/format/vrf.ts'
import type { RunOptions } from './family.ts'

const origin = 'ledger.bench/custody'
const actor = { id: 'setup', role: 'service' }
const run = promisify(execFile)

const processes = {
  sequencer: { command: ['workers/sequencer.ts'], service: 'sequencer' },
  ingest: { command: [...footageFlags, 'services/ingest/main.ts'], service: 'ingest' },
  /** All jobs but transcode, as in a bureau. */
  workers: { command: [...footageFlags, 'workers/main.ts', 'relay', 'checksum', 'copy', 'expire'], service: 'worker' },
  transcode: { command: [...footageFlags, 'workers/main.ts', 'transcode'], service: 'transcode' },
  packager: { command: [...footageFlags, 'workers/main.ts', 'relay', 'package'], service: 'package' },
  copier: { command: [...footageFlags, 'workers/main.ts', 'relay', 'copy'], service: 'worker' },
} as const satisfies Record<string, { command: readonly string[]; service: ServiceName }>
export type ProcessName = keyof typeof processes

export interface Bureau {
  readonly stack: Stack
  readonly directory: string
  /** As the owner of the database. */
  readonly db: Db
  dbFor(role: RoleName, connectionsMax: number): Db
  /** Starts one of our processes and waits until it is ready. One that runs is stopped first: a fresh one. */
  start(name: ProcessName): Promise<RunningProcess>
  stop(name: ProcessName): Promise<void>
  /** Address of the running ingest. */
  ingest(): string
  /** A new dock's token. */
  newDock(): Promise<string>
  /** The body of POST /hand-ins, signed by the dock of this token. */
  signedList(token: string, seen: SeenOnDevice): string
  /** Serial of a new device in service: the same bytes from another device are another recording. */
  newDevice(): Promise<string>
}

/**
 * Opens a bureau below `options.directory`, runs `work` in it and takes everything down, data included. Every server runs,
 * whichever a row measures: a new log signs nothing before all three stores said what they remember of it.
 */
export async function inBureau<T>(options: RunOptions, work: (bureau: Bureau) => Promise<T>): Promise<T> {
  const directory = join(options.directory, `bureau-${randomUUID().slice(0, 8)}`)
  const stack = await startStack({ directory })
  const opened: Db[] = []
  let isClosing = false
  const running = new Map<ProcessName, RunningProcess>()
  const ports = new Map<string, number>()
  /** By token. */
  const dockKeys = new Map<string, KeyObject>()
  const dbFor = (role: RoleName, connectionsMax: number): Db => {
    const onConnectionError = (error: Error) => {
      if (!isClosing) options.say(`a connection to the database broke: ${error.message}`)
    }
    const url = stack.postgres.urlFor(role)
    const db = openDatabase({ url, applicationName: 'bench', connectionsMax, onConnectionError })
    opened.push(db)
    return db
  }
  const stop = async (name: ProcessName) => {
    await running.get(name)?.stop()
    running.delete(name)
  }
  try {
    const db = dbFor('owner', 4)
    await migrate(db)
    const keys = makeKeys(directory)
    const start = async (name: ProcessName): Promise<RunningProcess> => {
      await stop(name)
      for (const port of ['app', 'metrics']) ports.set(`${name} ${port}`, await freePort())
      const at = (port: string) => `127.0.0.1:${ports.get(`${name} ${port}`)}`
      const { command, service } = processes[name]
      const started = await startProcess({
        name,
        command,
        environment: {
          ...stack.environmentFor(service),
          ...keys,
          ...canaryKeysOf(stack),
          ...settingsOf(name, at, directory),
          ...profiling(options),
        },
        statusAddress: `http://${at(name === 'ingest' ? 'app' : 'metrics')}`,
        logPath: join(directory, `${name}.log`),
        detached: false,
      })
      running.set(name, started)
      return started
    }
    return await work({
      ...{ stack, directory, db, dbFor, start, stop },
      ingest: () => `http://127.0.0.1:${ports.get('ingest app')}`,
      newDock: () => newDock(db, dockKeys),
      signedList: (token, seen) => JSON.stringify(signedHandIn(seen, dockKeys.get(token)!)),
      newDevice: () => newDevice(db),
    })
  } finally {
    isClosing = true
    for (const name of running.keys()) await stop(name)
    await Promise.all(opened.map((db) => db.destroy()))
    await stopStack(stack, { remove: true })
  }
}

/** Lets the disk catch up, so that no side pays for what the other one left in the page cache. */
export async function settleDisk(): Promise<void> {
  await run('sync')
}

function makeKeys(directory: string): Record<string, string> {
  const folder = join(directory, 'bench-keys')
  mkdirSync(folder, { mode: 0o700 })
  const { signerKey, verifierKey } = generateSignerKey(origin)
  const mlDsa = generateSignerKey(origin, signatureTypes.cosignatureMlDsa44)
  const file = (name: string) => join(folder, name)
  const files = {
    signing: file('signing.key'),
    mlDsa: file('mldsa.key'),
    vrf: file('vrf.key'),
    head: file('head.json'),
  }
  writeFileSync(files.signing, signerKey, { mode: 0o600 })
  writeFileSync(files.mlDsa, mlDsa.signerKey, { mode: 0o600 })
  writeFileSync(files.vrf, vrfGenerateKey().toString('hex'), { mode: 0o600 })
  return {
    LEDGER_ORIGIN: origin,
    LEDGER_VERIFIER_KEY: `${verifierKey} ${mlDsa.verifierKey}`,
    LEDGER_SIGNING_KEY_FILE: files.signing,
    LEDGER_MLDSA_KEY_FILE: files.mlDsa,
    LEDGER_VRF_KEY_FILE: files.vrf,
    LEDGER_HEAD_FILE: files.head,
  }
}

function settingsOf(name: ProcessName, at: (port: string) => string, directory: string): Record<string, string> {
  const scratch = join(directory, `scratch-${name}`)
  mkdirSync(scratch, { recursive: true, mode: 0o700 })
  return {
    LOG_LEVEL: 'info',
    METRICS_LISTEN: at('metrics'),
    INGEST_LISTEN: at('app'),
    INGEST_ORIGIN: `http://${at('app')}`,
    LOCK_FIRST_DAYS: '1',
    REDIS_PREFIX: 'bench',
    SCRATCH_DIR: scratch,
  }
}

/** The canary deletes on purpose (and must fail), so it works with keys of its own. */
function canaryKeysOf(stack: Stack): Record<string, string> {
  const keys = Object.entries(stack.environmentFor('canary')).filter(([name]) => /^STORE_.*_KEY$/.test(name))
  return Object.fromEntries(keys.map(([name, value]) => [`CANARY_${name}`, value]))
}

function profiling({ profile }: RunOptions): Record<string, string> {
  return profile === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profile}` }
}

async function newDock(db: Db, dockKeys: Map<string, KeyObject>): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const dock = {
    name: `bench ${randomUUID()}`,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
  }
  const { dockId, token } = await db.transaction().execute((trx) => registerDock(trx, systemClock, actor, dock))
  // What is measured needs no second person.
  await db.updateTable('dock').set({ released_at: new Date() }).where('id', '=', dockId).execute()
  dockKeys.set(token, privateKey)
  return token
}

async function newDevice(db: Db): Promise<string> {
  const serial = `BENCH-${randomUUID()}`
  await db.transaction().execute((trx) => registerDevice(trx, systemClock, actor, { serial, kind: 'recorder' }))
  return serial
}
