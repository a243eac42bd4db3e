import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a dock said in JSON, and what the bureau answered. */
export interface Said {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown>
  /** Null until it is answered. */
  status: number | null
  /** The answer's text, when the bureau refused. */
  refusal: string | null
}

/** Stands before the bureau's ingest: writes down what docks say to it, and puts in the faults that a test wants. */
export interface Front {
  readonly origin: string
  readonly said: Said[]
  /** Answers the next requests whose `METHOD path` matches with this status instead; `times` of them. */
  fail(pattern: RegExp, status: number, times?: number): void
  /** No request fails any more. */
  heal(): void
  /** Changes what the bureau answers to requests of this pattern; null lets answers be. */
  forge(forgery: Forgery | null): void
  /** Of every request, in their order: `METHOD path`. */
  readonly asked: string[]
  saidAt(pattern: RegExp): Said[]
  /** What the bureau itself refused of it. */
  refused(): Said[]
}

export interface Forgery {
  readonly pattern: RegExp
  readonly change: (text: string) => string
}

interface Test {
  teardown(end: () => unknown): unknown
}

export async function openFront(t: Test, target: () => string): Promise<Front> {
  const failures: { pattern: RegExp; status: number; left: number }[] = []
  let forgery: Forgery | null = null
  const said: Said[] = []
  const asked: string[] = []
  const server = createServer((incoming, outgoing) => {
    const what = `${incoming.method} ${incoming.url}`
    asked.push(what)
    const failure = failures.find(({ pattern, left }) => left > 0 && pattern.test(what))
    if (failure) {
      failure.left -= 1
      incoming.resume()
      const body = { error: { code: 'made', message: `made by the test: ${failure.status}` } }
      outgoing.writeHead(failure.status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    if (forgery?.pattern.test(what)) {
      void answerForged(target(), incoming, outgoing, forgery)
      return
    }
    forward(target(), incoming, outgoing, incoming.headers['content-type'] === 'application/json' ? said : null)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    asked,
    fail: (pattern, status, times = 1) => {
      failures.push({ pattern, status, left: times })
    },
    heal: () => {
      failures.length = 0
    },
    forge: (given) => {
      forgery = given
    },
    saidAt: (pattern) => said.filter(({ method, path }) => pattern.test(`${method} ${path}`)),
    refused: () => said.filter(({ status }) => status !== null && status >= 400),
  }
}

/** Asks the bureau, and answers with what the forger makes of it. */
async function answerForged(
  target: string,
  { url, headers }: IncomingMessage,
  outgoing: ServerResponse,
  { change }: Forgery,
): Promise<void> {
  const response = await fetch(target + url, { headers: { authorization: headers.authorization! } })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? 'application/json'
  outgoing.writeHead(response.status, { 'content-type': type }).end(response.ok ? change(text) : text)
}

/** @param said where to write down what is said, for a request in JSON */
function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, said: Said[] | null): void {
  const { host: _, ...headers } = incoming.headers
  let one: Said | null = null
  const onward = request(target + incoming.url, { method: incoming.method, headers }, (response) => {
    if (one) one.status = response.statusCode!
    outgoing.writeHead(response.statusCode!, response.headers)
    if (one && one.status! >= 400) {
      const saying = one
      response.setEncoding('utf8').on('data', (text: string) => {
        saying.refusal = (saying.refusal ?? '') + text
      })
    }
    response.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.on('close', () => {
    if (!incoming.complete) onward.destroy()
  })
  if (said === null) {
    incoming.pipe(onward)
    return
  }
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const text = Buffer.concat(chunks)
    one = {
      method: incoming.method!,
      path: incoming.url!,
      body: JSON.parse(text.toString()),
      status: null,
      refusal: null,
    }
    said.push(one)
    onward.end(text)
  })
}
