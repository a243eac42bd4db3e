import type { Test } from 'tap'
import { until } from '../../support/world.ts'
import { disagreement, documentedOperations, type Operation } from './documented.ts'

export interface CallOptions {
  /** Values of the path's parameters by name. */
  readonly with?: Readonly<Record<string, string | number>>
  /** Without its question mark. */
  readonly query?: string
  /** An object goes out as JSON. */
  readonly body?: object | string | Buffer<ArrayBuffer> | FormData
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are of every shape
  readonly body: any
}

/** Calls the routes of one server, compares each answer with the document, and remembers what was seen. */
export interface DocumentedServer {
  readonly operations: ReadonlyMap<string, Operation>
  /**
   * One call of an operation by its name in the document; the answer must have this status, and be as documented. A server
   * that says "try again" (503) is asked again, as its clients do.
   */
  call(token: string | null, name: string, status: number, options?: CallOptions): Promise<Answered>
  /** The statuses that the operation has answered with. */
  seen(name: string): readonly number[]
}

export async function documentedServer(t: Test, base: string): Promise<DocumentedServer> {
  const operations = await documentedOperations(base)
  const seen = new Map<string, Set<number>>()
  const once = async (token: string | null, operation: Operation, options: CallOptions) => {
    const [method, url] = requestOf(base, operation, options)
    const content = contentOf(options.body)
    const signedIn = token === null ? {} : { authorization: `Bearer ${token}` }
    const headers = { ...signedIn, ...content.headers, ...options.headers }
    const response = await fetch(url, { method, headers, body: content.body })
    const bytes = Buffer.from(await response.arrayBuffer())
    t.equal(disagreement(operation, response, method === 'HEAD' ? 0 : bytes.length), null, `${operation.name}`)
    seen.set(operation.name, (seen.get(operation.name) ?? new Set()).add(response.status))
    return { response, text: bytes.toString() }
  }
  return {
    operations,
    async call(token, name, status, options = {}) {
      const operation = operations.get(name)
      if (!operation) throw new Error(`${name} is not in the document of ${base}`)
      const { response, text } = await until(async () => {
        const answer = await once(token, operation, options)
        return answer.response.status === 503 && status !== 503 ? null : answer
      })
      if (response.status !== status) t.fail(`${name} answered ${response.status}, not ${status}: ${text}`)
      const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
      return { headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
    },
    seen: (name) => [...(seen.get(name) ?? [])].sort(),
  }
}

/** Method and address; a parameter that the caller does not give is an id of nothing. */
function requestOf(base: string, { name }: Operation, { with: values = {}, query }: CallOptions): [string, string] {
  const [method, path] = name.split(' ') as [string, string]
  const filled = path.replace(/\{([\w*]+)\}/g, (_, parameter: string) => {
    const value = values[parameter] ?? '00000000-0000-4000-8000-000000000000'
    return parameter === '*' ? String(value) : encodeURIComponent(value)
  })
  return [method, `${base}${filled}${query === undefined ? '' : `?${query}`}`]
}

function contentOf(body: CallOptions['body']): { headers: Record<string, string>; body: RequestInit['body'] } {
  if (body === undefined) return { headers: {}, body: null }
  if (typeof body === 'string' || body instanceof FormData) return { headers: {}, body }
  if (Buffer.isBuffer(body)) return { headers: {}, body: new Uint8Array(body) }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
