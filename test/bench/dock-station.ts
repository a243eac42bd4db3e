// A docking station as it stands in a bureau: the real agent as a process of its own, by a user without rights, and devices
// that are really mounted.

import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { shiftFiles } from '../../deploy/local/devices/footage-files.ts'
import { makeVolume, makeWall, type SimulatedVolume, type Wall } from '../../deploy/local/devices/make-volume.ts'
import { freePort } from '../../deploy/local/stack/free-port.ts'
import { footageFlags } from '../../deploy/local/system/commands.ts'
import { type RunningProcess, startProcess } from '../../deploy/local/system/process.ts'
import { registerDevice } from '../../services/custody/devices/device.ts'
import { registerDock } from '../../services/custody/devices/dock.ts'
import type { DockConfig } from '../../services/dock/config.ts'
import type { ScreenState } from '../../services/dock/screen/schemas.ts'
import { systemClock } from '../../services/foundation/clock.ts'
import { signatureTypes } from '../../services/ledger/format/keys.ts'
import { generateSignerKey } from '../../services/ledger/format/note.ts'
import type { Bureau } from './bureau.ts'

const actor = { id: 'setup', role: 'service' }
const slotCount = 60
/** As the demo's station and the example of a configuration have it. */
const uploadsMax = 6

export interface BenchWall {
  /** A recorder that the bureau knows, with its footage. */
  make(serial: string, files: { readonly count: number; readonly bytes: number }): Promise<SimulatedVolume>
  readonly wall: Wall
}

export interface BenchStation {
  readonly process: RunningProcess
  state(): Promise<ScreenState>
}

/** A wall and a folder for its station, which are taken down after `work`. Mounting needs root and /dev/fuse. */
export async function atWall<T>(bureau: Bureau, work: (wall: BenchWall, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-dock-'))
  await chmod(folder, 0o755)
  const wall = await makeWall(join(folder, 'wall'))
  const volumes: SimulatedVolume[] = []
  try {
    return await work(
      {
        wall,
        async make(serial, { count, bytes }) {
          await bureau.db
            .transaction()
            .execute((trx) => registerDevice(trx, systemClock, actor, { serial, kind: 'recorder' }))
          const begun = new Date('2026-11-26T06:00:00Z')
          const files = shiftFiles('recorder-zfy', { serial, begun, count, bytes })
          const volume = await makeVolume(wall, { fs: 'exfat', label: serial, files })
          volumes.push(volume)
          return volume
        },
      },
      folder,
    )
  } finally {
    for (const volume of volumes) await volume.discard()
    await rm(folder, { recursive: true })
  }
}

/** Starts the agent on a spool of its own and waits until it has heard from the bureau. */
export async function startStation(bureau: Bureau, wall: Wall, folder: string): Promise<BenchStation> {
  const home = await mkdtemp(join(folder, 'station-'))
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const dock = { name: home.slice(-6), publicKey: raw }
  const { dockId, token } = await bureau.db.transaction().execute((trx) => registerDock(trx, systemClock, actor, dock))
  // What is measured needs no second person.
  await bureau.db.updateTable('dock').set({ released_at: new Date() }).where('id', '=', dockId).execute()
  const user = nobody()
  const file = async (name: string, text: string) => {
    const path = join(home, name)
    await writeFile(path, text, { mode: 0o600 })
    await chown(path, user.uid, user.gid)
    return path
  }
  const spool = join(home, 'spool')
  await mkdir(spool, { mode: 0o700 })
  for (const path of [home, spool]) await chown(path, user.uid, user.gid)
  const identity = await generateX25519Identity()
  const log = generateSignerKey('log.bench', signatureTypes.ed25519)
  const witness = generateSignerKey('witness.bench/1', signatureTypes.cosignatureEd25519)
  const port = await freePort()
  const screen = `http://127.0.0.1:${port}`
  const config: DockConfig = {
    station: { name: '采集站', slots: slotCount },
    server: { origin: bureau.ingest(), caFile: null, patienceMs: 60_000 },
    keyFile: await file('signing.key', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    tokenFile: await file('token', token),
    trust: {
      logKeysFile: await file('log-keys.txt', `${log.verifierKey}\n`),
      policyFile: await file('policy.txt', `witness one ${witness.verifierKey}\nquorum one\n`),
    },
    spool: {
      folder: spool,
      bytesMax: 1e9,
      ageIdentityFile: await file('spool.key', `${identity}\n`),
      recoveryRecipient: await identityToRecipient(await generateX25519Identity()),
    },
    uploads: { max: uploadsMax, bytesPerSecond: null },
    screen: { port, sounds: false, quietFrom: null, quietTo: null, printer: null },
    slip: { bureau: '综合执法局', form: 'a4', checkAddress: 'https://custody.example/check' },
    profileFolders: [],
    sources: [deviceSource(wall)],
    log: 'info',
  }
  const path = await file('dock.json', JSON.stringify(config))
  const process = await startProcess({
    name: 'dock',
    command: [...footageFlags, 'services/dock/main.ts', 'run', path],
    environment: { UV_THREADPOOL_SIZE: '64' },
    statusAddress: screen,
    logPath: join(bureau.directory, 'dock.log'),
    detached: false,
    user,
  })
  return {
    process,
    state: async () => (await (await fetch(`${screen}/screen/state`)).json()) as ScreenState,
  }
}

function deviceSource(wall: Wall): DockConfig['sources'][number] {
  const command = (...argv: string[]) => ({ argv, timeLimitMs: 20_000 })
  const slots = Array.from({ length: slotCount }, (_, index) => index + 1)
  return {
    source: 'devices',
    kind: 'mass_storage',
    mountRoots: [wall.slots],
    takesRemovable: false,
    slots: Object.fromEntries(slots.map((slot) => [join(wall.slots, `slot-${String(slot).padStart(2, '0')}`), slot])),
    slotCount,
    mounting: null,
    unmount: command('umount', '{folder}'),
    unmountGone: command('umount', '-l', '{folder}'),
    charge: null,
    pollMs: 200,
    listTimeMs: 60_000,
  }
}

/** The user that owns nothing. @throws Error where this process may not become another user */
function nobody(): { uid: number; gid: number } {
  if (process.getuid?.() !== 0)
    throw new Error('the agent runs as a user of its own here, and devices are mounted: run it as root')
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
