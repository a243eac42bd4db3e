// The demo's docking station: enrolled as a bureau enrols one, released by a second person, run as its own process.

import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity } from 'age-encryption'
import { enrol } from '../../../services/dock/station/enrol.ts'
import { stationVersion } from '../../../services/dock/station/start.ts'
import { freePort } from '../stack/free-port.ts'
import { footageFlags } from '../system/commands.ts'
import { type RunningProcess, startProcess } from '../system/process.ts'
import type { System } from '../system.ts'
import type { ApiSession } from './api.ts'
import { type DemoWall, slotCount } from './wall.ts'

/** A station as its bureau knows it, with the secrets that lie in its folder. */
export interface EnrolledStation {
  readonly id: string
  readonly token: string
  readonly privateKeyPem: string
  readonly folder: string
}

/** The administrator makes a one-time code, the station enrols itself with it, the supervisor releases it. */
export async function enrolStation(
  system: System,
  people: { administrator: ApiSession; supervisor: ApiSession },
  folder: string,
): Promise<EnrolledStation> {
  const { code } = await people.administrator.request<{ code: string }>('POST', '/docks/enrolments', {
    name: '一大队采集站',
  })
  const enrolment = { server: system.ingest, authorityFile: null, code, folder, version: stationVersion }
  const { dockId, signingKeyFile, tokenFile } = await enrol(enrolment)
  await people.supervisor.request('POST', `/docks/${dockId}/release`)
  return {
    id: dockId,
    token: readFileSync(tokenFile, 'utf8').trim(),
    privateKeyPem: readFileSync(signingKeyFile, 'utf8'),
    folder,
  }
}

/** Starts the agent on a spool of its own; answers the address of its screen. */
export async function startDemoStation(
  system: Pick<System, 'ingest' | 'access' | 'verifierKeys' | 'policyFile' | 'recoveryRecipient' | 'directory'>,
  station: EnrolledStation,
  wall: DemoWall,
  { detached, environment = {} }: { detached: boolean; environment?: Readonly<Record<string, string>> },
): Promise<{ screen: string; process: RunningProcess }> {
  const port = await freePort()
  const file = (name: string, text: string) => {
    const path = join(station.folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  mkdirSync(join(station.folder, 'spool'), { mode: 0o700 })
  const config = {
    station: { name: '一大队采集站', slots: slotCount },
    server: { origin: system.ingest, caFile: null, patienceMs: 10_000 },
    keyFile: join(station.folder, 'signing.key'),
    tokenFile: join(station.folder, 'token'),
    trust: { logKeysFile: file('log-keys.txt', `${system.verifierKeys}\n`), policyFile: system.policyFile },
    spool: {
      folder: join(station.folder, 'spool'),
      bytesMax: 4e9,
      ageIdentityFile: file('spool.key', `${await generateX25519Identity()}\n`),
      recoveryRecipient: system.recoveryRecipient,
    },
    uploads: { max: 6, bytesPerSecond: null },
    screen: { port, sounds: true, quietFrom: '22:00', quietTo: '06:00', printer: null },
    slip: { bureau: '张家窝镇综合执法局', form: 'a4', checkAddress: `${system.access}/check` },
    profileFolders: [],
    sources: [wall.source],
    log: 'info',
  }
  const screen = `http://127.0.0.1:${port}`
  const process = await startProcess({
    name: `dock-${randomUUID()}`,
    command: [
      ...footageFlags,
      'services/dock/main.ts',
      'run',
      file('dock.json', `${JSON.stringify(config, null, 2)}\n`),
    ],
    // A file system that hangs keeps a thread of this pool.
    environment: { UV_THREADPOOL_SIZE: '64', ...environment },
    statusAddress: screen,
    logPath: join(system.directory, 'logs', 'dock.log'),
    detached,
  })
  return { screen, process }
}
