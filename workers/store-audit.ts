import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { keepReads } from '../services/custody/reads/keep-reads.ts'
import { type ReportReading, readReport } from '../services/custody/reads/store-report.ts'
import type { Clock } from '../services/foundation/clock.ts'
import type { Secret } from '../services/foundation/config.ts'
import type { Db } from '../services/foundation/db/database.ts'
import { Fault } from '../services/foundation/errors.ts'
import type { Logger } from '../services/foundation/log.ts'
import { type StoreName, storeNames } from '../services/foundation/store/store.ts'

export interface StoreAuditDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Logger
  readonly listen: { readonly host: string; readonly port: number }
  /** What each store sends as `Authorization: Bearer …`: no store speaks for another. */
  readonly tokens: Readonly<Record<StoreName, Secret>>
  readonly reading: ReportReading
}

/** A batch of 100 reports has 200 kB; one with the longest headers that MinIO takes has 2 MB. */
const bodyBytesMax = 16 * 1024 * 1024
const requestMsMax = 20_000

/**
 * Listens for the stores' reports: `POST /<store>` with newline-separated JSON, as MinIO's audit webhook sends it. Answers
 * 204 only when the reads among them are committed, so that the store sends again what was not; 401 to whoever has not
 * that store's token.
 */
export async function startStoreAudit(deps: StoreAuditDeps): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(deps, request).then(
      (status) => end(request, response, status),
      (error: unknown) => {
        const fault = error instanceof Fault ? error : null
        if (fault?.code !== 'too_large')
          deps.log.warn({ err: error }, 'store-audit: reports were not taken and will come again')
        end(request, response, fault?.code === 'too_large' ? 413 : 503)
      },
    )
  })
  server.requestTimeout = requestMsMax
  server.headersTimeout = requestMsMax / 2
  server.maxConnections = 64
  const { host, port } = deps.listen
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(deps: StoreAuditDeps, request: IncomingMessage): Promise<number> {
  const store = storeNames.find((name) => request.url === `/${name}`)
  if (!store || !isBearer(request.headers.authorization ?? '', deps.tokens[store])) return 401
  if (request.method !== 'POST') return 405
  const body = await readBody(request)
  const receivedAt = deps.clock.now()
  const lines = body.split('\n').filter((line) => line.trim() !== '')
  const reads = lines.map((line) => readReport(line, deps.reading, receivedAt)).filter((read) => read !== null)
  const kept = await keepReads(deps.db, store, reads)
  deps.log.debug({ store, reports: lines.length, reads: reads.length, kept }, 'store-audit: reports')
  return 204
}

function isBearer(header: string, token: Secret): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header), digest(`Bearer ${token.reveal()}`))
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    total += chunk.length
    if (total > bodyBytesMax) throw new Fault('too_large', `a batch of reports has at most ${bodyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function end(request: IncomingMessage, response: ServerResponse, status: number): void {
  // What is left of a body that nobody reads would keep the connection busy.
  if (status >= 400 && !request.complete) response.setHeader('connection', 'close')
  response.writeHead(status).end()
}
