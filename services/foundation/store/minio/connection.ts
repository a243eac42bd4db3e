import http from 'node:http'
import https from 'node:https'
import { Client } from 'minio'
import type { Secret } from '../../config.ts'
import type { Logger } from '../../log.ts'
import type { BucketKind, StoreName } from '../store.ts'
import { codeOf, storeFault } from './failures.ts'

export interface MinioOptions {
  readonly name: StoreName
  readonly endpoint: string
  readonly accessKey: Secret
  readonly secretKey: Secret
  /** Fixed, so that signing an address asks nobody. Default us-east-1. */
  readonly region?: string
  readonly hostName: string
  readonly buckets: Readonly<Record<BucketKind, string>>
  readonly log: Logger
  /** A connection on which no byte moved for this long is given up. Default 60 s. */
  readonly idleTimeoutMs?: number
}

/** What every function of the adapter works with. */
export interface Connection {
  readonly name: StoreName
  readonly client: Client
  readonly endpoint: URL
  readonly agent: http.Agent
  readonly request: typeof http.request
  readonly buckets: Readonly<Record<BucketKind, string>>
  readonly log: Logger
  readonly idleTimeoutMs: number
}

// Below the 30 s after which the server closes an idle connection, so that we never write into one it just closed.
const pooledIdleMs = 15_000
const signedForS = 3600

export function openConnection(options: MinioOptions): Connection {
  const endpoint = new URL(options.endpoint)
  const isTls = endpoint.protocol === 'https:'
  const module = isTls ? https : http
  const agentOptions = {
    keepAlive: true,
    noDelay: true,
    maxSockets: 256,
    timeout: pooledIdleMs,
    scheduling: 'lifo',
  } as const
  const agent = isTls ? new https.Agent(agentOptions) : new http.Agent(agentOptions)
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000
  const client = new Client({
    endPoint: endpoint.hostname,
    port: Number(endpoint.port || (isTls ? 443 : 80)),
    useSSL: isTls,
    accessKey: options.accessKey.reveal(),
    secretKey: options.secretKey.reveal(),
    region: options.region ?? 'us-east-1',
    transportAgent: agent,
    transport: { request: withTimeout(module.request, idleTimeoutMs) },
    // Retries are the caller's: the client's own would print to the console and hide the server's answer.
    retryOptions: { disableRetry: true },
  })
  const { name, buckets, log } = options
  return { name, client, endpoint, agent, request: module.request, buckets, log, idleTimeoutMs }
}

/** The client sets no time limit of its own: a server that hangs would hang us. */
function withTimeout(request: typeof http.request, idleTimeoutMs: number): typeof http.request {
  const limited = (options: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    const sent = request(options, onResponse)
    sent.setTimeout(idleTimeoutMs, () => sent.destroy(timedOut(idleTimeoutMs)))
    return sent
  }
  return limited as typeof http.request
}

export function timedOut(idleTimeoutMs: number): Error {
  return Object.assign(new Error(`no byte moved for ${idleTimeoutMs} ms`), { code: 'ETIMEDOUT', syscall: 'idle' })
}

/**
 * Runs one call to the store and turns its errors into Faults. A connection that the server had just closed is tried
 * once more: every call made through here may run twice.
 */
export async function call<T>(connection: Connection, what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run().catch((error) => (isStaleConnection(error) ? run() : Promise.reject(error)))
  } catch (error) {
    throw storeFault(connection.name, what, error)
  }
}

function isStaleConnection(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(codeOf(error))
}

/** An address that carries its own signature, made without asking anyone. */
export async function signedAddress(
  connection: Connection,
  method: 'GET' | 'PUT',
  object: { bucket: BucketKind; key: string },
  query: Record<string, string> = {},
): Promise<string> {
  return connection.client.presignedUrl(method, connection.buckets[object.bucket], object.key, signedForS, query)
}
