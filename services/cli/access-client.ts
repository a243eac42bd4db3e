import { Fault, type FaultCode, faults } from '../foundation/errors.ts'

/** A session with the service for people, as the command line uses it. */
export interface AccessClient {
  /** JSON of a route. */
  json(path: string): Promise<unknown>
  bytes(path: string): Promise<Uint8Array>
  /** Opens a long answer, which is read while it arrives. */
  stream(path: string): Promise<ReadableStream<Uint8Array>>
  /** Sends JSON; answers the text of what comes back. */
  post(path: string, body?: unknown): Promise<string>
  delete(path: string): Promise<void>
  signOut(): Promise<void>
}

/** Answers that hold every byte of a case hashed again take their time. */
const answerTimeoutMs = 60 * 60_000
const signInTimeoutMs = 30_000

/**
 * Signs in. Every refusal comes back as the Fault that the service named, every failure to reach it as `not_ready`.
 *
 * @throws not_signed_in; password_change_required while the first password stands; not_ready
 */
export async function signInToAccess(
  address: string,
  credentials: { account: string; password: string },
): Promise<AccessClient> {
  const base = address.replace(/\/+$/, '')
  const answer = await request(`${base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
    signal: AbortSignal.timeout(signInTimeoutMs),
  })
  const { token, mustChangePassword } = (await answer.json()) as { token: string; mustChangePassword: boolean }
  const headers = { authorization: `Bearer ${token}` }
  const get = (path: string) => request(`${base}${path}`, { headers, signal: AbortSignal.timeout(answerTimeoutMs) })
  const client: AccessClient = {
    json: async (path) => (await get(path)).json(),
    bytes: async (path) => new Uint8Array(await (await get(path)).arrayBuffer()),
    stream: async (path) => (await get(path)).body ?? new Blob([]).stream(),
    post: async (path, body) => {
      const answer = await request(`${base}${path}`, {
        method: 'POST',
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerTimeoutMs),
      })
      return answer.text()
    },
    delete: async (path) => {
      await request(`${base}${path}`, { method: 'DELETE', headers, signal: AbortSignal.timeout(answerTimeoutMs) })
    },
    signOut: async () => {
      await request(`${base}/session`, { method: 'DELETE', headers, signal: AbortSignal.timeout(signInTimeoutMs) })
    },
  }
  if (!mustChangePassword) return client
  await client.signOut()
  throw new Fault('password_change_required', 'the first password must be changed in the browser before anything else')
}

/** JSON of a route that needs no sign-in. @throws as signInToAccess */
export async function openJson(address: string, path: string): Promise<unknown> {
  const signal = AbortSignal.timeout(answerTimeoutMs)
  return (await request(`${address.replace(/\/+$/, '')}${path}`, { signal })).json()
}

async function request(address: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(address, init).catch((cause: unknown) => {
    throw new Fault('not_ready', `${new URL(address).origin} cannot be reached`, { cause: reasonOf(cause) })
  })
  if (answer.ok) return answer
  const body = (await answer.json().catch(() => null)) as { error?: { code?: string; message?: string } } | null
  const code = body?.error?.code ?? ''
  const message = body?.error?.message ?? `${new URL(address).origin} answers ${answer.status}`
  throw new Fault(isFaultCode(code) ? code : codeOfStatus(answer.status), message)
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faults, code)
}

function codeOfStatus(status: number): FaultCode {
  if (status === 404) return 'not_found'
  return status >= 500 ? 'not_ready' : 'bad_request'
}

/** fetch hides why behind "fetch failed". */
function reasonOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}
