import { randomBytes } from 'node:crypto'
import { Client } from 'minio'
import { makeSecret } from '../../services/foundation/config.ts'
import { openLog } from '../../services/foundation/log.ts'
import { openMinioStore } from '../../services/foundation/store/minio.ts'
import { type BucketKind, type Store, type StoreName, storeNames } from '../../services/foundation/store/store.ts'
import { openStack, type Teardown } from './stack.ts'

export interface StoreUnderTest {
  readonly name: string
  open(): Store
}

interface Server {
  readonly name: StoreName
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly hostName: string
}

/**
 * The servers that the contract suite runs on: the three of the stack, or, when STORE_CONTRACT_ENDPOINT, _ACCESS_KEY and
 * _SECRET_KEY are set, that one other S3 server with Object Lock. Buckets are new and of their own.
 */
export async function storesUnderTest(t: Teardown): Promise<StoreUnderTest[]> {
  const servers = otherServer(process.env) ?? (await serversOfStack(t))
  const buckets = bucketNames(randomBytes(4).toString('hex'))
  await Promise.all(servers.map((server) => makeBuckets(server, buckets)))
  return servers.map((server) => ({
    name: `${server.name} at ${server.endpoint}`,
    open: () => openAsRoot(server, buckets),
  }))
}

/** Names of the three buckets of one test. */
export function bucketNames(suffix: string): Record<BucketKind, string> {
  return { originals: `originals-${suffix}`, derived: `derived-${suffix}`, tails: `tails-${suffix}` }
}

/** Makes them as deploy/store/setup.ts does: originals with lock, derived with versions, tails plain. */
export async function makeBuckets(server: Omit<Server, 'name'>, buckets: Record<BucketKind, string>): Promise<void> {
  const client = clientOf(server)
  await Promise.all([
    client.makeBucket(buckets.originals, 'us-east-1', { ObjectLocking: true }),
    client
      .makeBucket(buckets.derived, 'us-east-1')
      .then(() => client.setBucketVersioning(buckets.derived, { Status: 'Enabled' })),
    client.makeBucket(buckets.tails, 'us-east-1'),
  ])
}

export function openAsRoot(server: Server, buckets: Record<BucketKind, string>): Store {
  return openMinioStore({
    ...server,
    accessKey: makeSecret(server.accessKey),
    secretKey: makeSecret(server.secretKey),
    buckets,
    log: openLog({ service: 'test', level: 'silent' }),
  })
}

function clientOf({ endpoint, accessKey, secretKey }: Omit<Server, 'name'>): Client {
  const url = new URL(endpoint)
  const useSSL = url.protocol === 'https:'
  const port = Number(url.port || (useSSL ? 443 : 80))
  return new Client({ endPoint: url.hostname, port, useSSL, accessKey, secretKey, region: 'us-east-1' })
}

function otherServer(env: NodeJS.ProcessEnv): Server[] | null {
  const endpoint = env.STORE_CONTRACT_ENDPOINT
  if (!endpoint) return null
  const accessKey = env.STORE_CONTRACT_ACCESS_KEY ?? ''
  return [{ name: 'primary', endpoint, accessKey, secretKey: env.STORE_CONTRACT_SECRET_KEY ?? '', hostName: 'other' }]
}

async function serversOfStack(t: Teardown): Promise<Server[]> {
  const stack = await openStack(t)
  return storeNames.map((name) => {
    const { endpoint, hostName, rootAccessKey, rootSecretKey } = stack.stores[name]
    return { name, endpoint, hostName, accessKey: rootAccessKey, secretKey: rootSecretKey }
  })
}
