// A time-stamp authority (RFC 3161) for tests and the demo: openssl signs, this answers HTTP. It proves nothing to anybody:
// its keys are made on the spot and lie beside it. Run: node deploy/local/timestamp-authority.ts FOLDER [PORT]

import { mkdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { type AuthorityFiles, makeAuthority, stamp } from './authority/openssl.ts'

const queryBytesMax = 64 * 1024

export interface RunningAuthority {
  readonly url: string
  /** Certificate of its root, PEM. */
  readonly rootPem: string
  stop(): Promise<void>
}

/** Makes the authority's keys in `folder` (once) and answers time-stamp queries on 127.0.0.1. */
export async function startTimestampAuthority(options: {
  folder: string
  port?: number
  keys?: 'ec' | 'rsa'
  /** Instead of the authority's own answer: for tests of clients. */
  answer?: (query: Buffer, honest: () => Promise<Buffer>, response: ServerResponse) => Promise<Buffer | null>
}): Promise<RunningAuthority> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 })
  const files = await makeAuthority(resolve(options.folder), options.keys ?? 'ec')
  const server = createServer((request, response) => {
    reply(request, response, files, options.answer).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    rootPem: files.rootPem,
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  files: AuthorityFiles,
  answer?: (query: Buffer, honest: () => Promise<Buffer>, response: ServerResponse) => Promise<Buffer | null>,
): Promise<void> {
  // The demo waits for these, as it does for every other process.
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n')
    return
  }
  const query = await readAll(request)
  if (request.headers['content-type'] !== 'application/timestamp-query' || query === null) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('a time-stamp query is expected\n')
    return
  }
  const honest = () => stamp(files, query)
  const bytes = answer ? await answer(query, honest, response) : await honest()
  if (bytes) response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(bytes)
}

async function readAll(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > queryBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

if (process.argv[1] === import.meta.filename) {
  const [folder, port] = process.argv.slice(2)
  if (!folder) throw new Error('usage: node deploy/local/timestamp-authority.ts FOLDER [PORT]')
  const authority = await startTimestampAuthority({ folder, port: Number(port ?? 0) })
  process.stdout.write(`${authority.url}\n`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void authority.stop())
}
