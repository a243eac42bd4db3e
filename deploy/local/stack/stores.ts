import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../../services/foundation/errors.ts'
import { credentialNames, setUpStore } from '../../store/setup.ts'
import { minioServer } from '../install/programs.mjs'
import { auditTarget, writeAuditSettings } from './audit.ts'
import { freePort } from './free-port.ts'
import { startServer, stopServer, untilReady } from './processes.ts'
import {
  type BucketNames,
  type CredentialName,
  environmentPrefix,
  type Keys,
  type StoreName,
  type StoreState,
} from './state.ts'

/** A private MinIO server with data and administrator of its own, prepared by deploy/store/setup.ts. */
export async function createStore(
  directory: string,
  name: StoreName,
  buckets: BucketNames,
  options: { survive: boolean; auditPort: number },
): Promise<StoreState> {
  const folder = join(directory, name)
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const own = { folder, port, audit: auditTarget(options.auditPort, name) }
  const state = { name, endpoint, hostName: hostname(), root: randomKeys(), credentials: randomCredentials(), own }
  await startStore(directory, state, options.survive)
  await setUpStore({ ...state, buckets })
  return state
}

/** Uses a server given by address (STORE_…_ENDPOINT and its administrator's keys). */
export async function adoptStore(name: StoreName, buckets: BucketNames, env: NodeJS.ProcessEnv): Promise<StoreState> {
  const prefix = environmentPrefix(name)
  const accessKey = env[`${prefix}_ACCESS_KEY`]
  const secretKey = env[`${prefix}_SECRET_KEY`]
  if (!accessKey || !secretKey) {
    throw new Fault(
      'bad_config',
      `${prefix}_ENDPOINT is given: ${prefix}_ACCESS_KEY and _SECRET_KEY (its administrator's) too`,
    )
  }
  const state: StoreState = {
    name,
    endpoint: env[`${prefix}_ENDPOINT`] ?? '',
    hostName: env[`${prefix}_HOST_NAME`] ?? hostname(),
    root: { accessKey, secretKey },
    credentials: randomCredentials(),
  }
  await setUpStore({ ...state, buckets })
  return state
}

export async function startStore(directory: string, state: StoreState, survive: boolean): Promise<void> {
  const program = minioServer()
  if (!program) throw new Fault('not_ready', 'MinIO was not found; node deploy/local/install.mjs')
  if (!state.own) throw new Fault('conflict', `${state.name} was given by address: it is not ours to start or stop`)
  const { folder, port, audit } = state.own
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 })
  const child = startServer(
    directory,
    {
      name: state.name,
      program,
      args: [
        'server',
        '--quiet',
        '--address',
        `127.0.0.1:${port}`,
        '--certs-dir',
        join(folder, 'certs'),
        join(folder, 'data'),
      ],
      env: {
        HOME: folder,
        MINIO_ROOT_USER: state.root.accessKey,
        MINIO_ROOT_PASSWORD: state.root.secretKey,
        MINIO_BROWSER: 'off',
        // Unfinished uploads may rest for 30 days; MinIO would drop their parts after one.
        MINIO_API_STALE_UPLOADS_EXPIRY: '768h',
        MINIO_UPDATE: 'off',
        // Counting again each minute what lies in hundreds of buckets of tests would cost a part of one processor.
        MINIO_SCANNER_CYCLE: '1h',
        MINIO_CONFIG_ENV_FILE: writeAuditSettings(folder, audit),
      },
      mark: folder,
      deathSignal: 'TERM',
    },
    survive,
  )
  await untilReady(directory, state.name, child, () => isWritable(state.endpoint))
}

/** `at-once` is SIGKILL. */
export async function stopStore(directory: string, name: StoreName, how: 'orderly' | 'at-once'): Promise<void> {
  await stopServer(directory, name, how === 'orderly' ? 'SIGTERM' : 'SIGKILL')
}

/** Stops the server, throws its data away and starts it empty, with the same credentials: the loss of a store. */
export async function wipeStore(
  directory: string,
  state: StoreState,
  buckets: BucketNames,
  survive: boolean,
): Promise<void> {
  await stopStore(directory, state.name, 'at-once')
  if (state.own) rmSync(join(state.own.folder, 'data'), { recursive: true, force: true })
  await startStore(directory, state, survive)
  await setUpStore({ ...state, buckets })
}

async function isWritable(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/minio/health/cluster`, { signal: AbortSignal.timeout(10_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false // not listening yet
  }
}

function randomKeys(): Keys {
  // key ids are secrets too: an unfixed hole of MinIO lets who knows one write without the secret (CVE-2026-40344)
  return { accessKey: randomBytes(10).toString('hex'), secretKey: randomBytes(20).toString('hex') }
}

function randomCredentials(): Record<CredentialName, Keys> {
  return Object.fromEntries(credentialNames.map((name) => [name, randomKeys()])) as Record<CredentialName, Keys>
}
