import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../foundation/clock.ts'
import { addCheckpointBytesMax, treeSizeMediaType } from '../ledger/format/witness-protocol.ts'
import { type Answer, answerAddCheckpoint } from './answer.ts'
import type { WitnessSettings } from './settings.ts'
import { logId, readState } from './state.ts'

export interface RunningWitness {
  readonly port: number
  close(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
}

const requestTimeoutMs = 10_000
const keepAliveMs = 75_000
const connectionsMax = 64
const words = 'text/plain; charset=utf-8'

/**
 * Serves `POST /add-checkpoint` and `GET /<origin hash>/checkpoint` of c2sp.org/tlog-witness, beside /healthz and /readyz. `tell` hears what was answered to
 * each submission; it may keep those that a log should not have sent. Port 0 takes a free one.
 */
export async function startWitness(
  settings: WitnessSettings,
  clock: Clock,
  listen: { host: string; port: number },
  tell: (answer: Answer | Error, body: string) => void,
): Promise<RunningWitness> {
  const server = createServer(
    { requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveMs },
    (request, response) => {
      replyTo(settings, clock, request, tell).then(
        ({ status, type, body }) => {
          // What is left of a body that was too long is not read: the connection ends.
          if (!request.complete) response.setHeader('connection', 'close')
          response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
        },
        (error: Error) => {
          tell(error, '')
          response.writeHead(500, { 'content-type': words }).end('this witness cannot answer now\n')
        },
      )
    },
  )
  server.maxConnections = connectionsMax
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function replyTo(
  settings: WitnessSettings,
  clock: Clock,
  request: IncomingMessage,
  tell: (answer: Answer, body: string) => void,
): Promise<Reply> {
  const path = new URL(request.url ?? '/', 'http://witness').pathname
  const monitored = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1]
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return reply(405, 'add-checkpoint is a POST\n')
    const body = await readBody(request)
    if (body === null) return reply(413, `a request has at most ${addCheckpointBytesMax} bytes\n`)
    const answer = await answerAddCheckpoint(settings, clock, body)
    tell(answer, body)
    return { status: answer.status, type: answer.status === 409 ? treeSizeMediaType : words, body: answer.body }
  }
  if (path === '/healthz') return reply(200, 'alive\n')
  if (path === '/readyz') {
    for (const { origin } of settings.logs) await readState(settings.folder, origin)
    return reply(200, 'ready\n')
  }
  if (monitored === undefined) return reply(404, 'not found\n')
  if (request.method !== 'GET') return reply(405, 'a checkpoint is read with GET\n')
  const log = settings.logs.find(({ origin }) => logId(origin) === monitored)
  // "If the witness has never cosigned a checkpoint for that log, it MUST respond with a "404 Not Found""
  const note = log ? (await readState(settings.folder, log.origin)).note : null
  return note === null ? reply(404, 'no checkpoint of this log was cosigned\n') : reply(200, note)
}

function reply(status: number, body: string): Reply {
  return { status, type: words, body }
}

/** Null for one that is too long. Bytes that are no UTF-8 read as other characters, which no format here has. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  // The request must outlive its reading, or the answer could not be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length
    if (bytes > addCheckpointBytesMax) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
