import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Register } from '../../../services/dock/ingest/register.ts'

/** What a dock said on the routes that this server plays. */
export interface Said {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown>
}

/** The bureau's ingest, with the routes of stations that are played here, and faults that a test puts in. */
export interface Front {
  readonly origin: string
  readonly said: Said[]
  register: Register
  /** Answers the next requests whose `METHOD path` matches with this status instead; `times` of them. */
  fail(pattern: RegExp, status: number, times?: number): void
  /** No request fails any more. */
  heal(): void
  /** Of every request, in their order: `METHOD path`. */
  readonly asked: string[]
  saidAt(pattern: RegExp): Said[]
}

interface Test {
  teardown(end: () => unknown): unknown
}

/** Routes of DOCK stations whose answers do not depend on the bureau's rows. */
const played =
  /^(GET \/docks\/me\/register|PUT \/docks\/me\/state|POST \/docks\/me\/(reports|identify)|POST \/hand-ins\/[^/]+\/(gaps|explanations|statements|clearings)|POST \/clearings\/[^/]+\/end)$/

const signedDigest = /^PUT \/uploads\/[^/]+\/digest$/

export async function openFront(t: Test, target: () => string, register: Register): Promise<Front> {
  const failures: { pattern: RegExp; status: number; left: number }[] = []
  const said: Said[] = []
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url}`
    asked.push(what)
    const failure = failures.find(({ pattern, left }) => left > 0 && pattern.test(what))
    if (failure) {
      failure.left -= 1
      incoming.resume()
      return answer(outgoing, failure.status, {
        error: { code: 'made', message: `made by the test: ${failure.status}` },
      })
    }
    if (signedDigest.test(what)) return void forwardDigest(front, target(), incoming, outgoing)
    if (!played.test(what)) return forward(target(), incoming, outgoing)
    void playRoute(front, incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const front: Front = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    asked,
    register,
    fail: (pattern, status, times = 1) => {
      failures.push({ pattern, status, left: times })
    },
    heal: () => {
      failures.length = 0
    },
    saidAt: (pattern) => said.filter(({ method, path }) => pattern.test(`${method} ${path}`)),
  }
  return front
}

/** The signature is kept for the test; what goes on is what every ingest takes. */
async function forwardDigest(front: Front, target: string, incoming: IncomingMessage, outgoing: ServerResponse) {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
  front.said.push({ method: 'PUT', path: incoming.url!, body })
  const { authorization } = incoming.headers
  const response = await fetch(target + incoming.url, {
    method: 'PUT',
    headers: { authorization: authorization!, 'content-type': 'application/json' },
    body: JSON.stringify({ sha256: body.sha256 }),
  })
  outgoing.writeHead(response.status, { 'content-type': 'application/json' }).end(await response.text())
}

async function playRoute(front: Front, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
  const path = incoming.url!
  if (incoming.method === 'GET') {
    const etag = `"${JSON.stringify(front.register).length}-${front.register.at}"`
    if (incoming.headers['if-none-match'] === etag) return void outgoing.writeHead(304).end()
    return answer(outgoing, 200, front.register, { etag })
  }
  front.said.push({ method: incoming.method!, path, body })
  if (path === '/docks/me/identify') return identify(outgoing, body)
  if (path.endsWith('/clearings')) return answer(outgoing, 201, { id: `clearing-${String(body.id)}` })
  outgoing.writeHead(204).end()
}

function identify(outgoing: ServerResponse, body: Record<string, unknown>): void {
  const person = { id: 'person-1', name: '张伟', number: '012345' }
  const isRight = body.code === '123456'
  const refusal = { error: { code: 'wrong_role', message: 'wrong' } }
  answer(outgoing, isRight ? 200 : 403, isRight ? { person, grade: 'code' } : refusal)
}

function answer(outgoing: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { host: _, ...headers } = incoming.headers
  const onward = request(target + incoming.url, { method: incoming.method, headers }, (response) => {
    outgoing.writeHead(response.statusCode!, response.headers)
    response.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.on('close', () => {
    if (!incoming.complete) onward.destroy()
  })
  incoming.pipe(onward)
}
