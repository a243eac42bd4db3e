import { Fault } from '../../../services/foundation/errors.ts'

/** Somebody who is signed in at `access`. */
export interface ApiSession {
  readonly person: { id: string; name: string; role: string }
  request<T>(method: string, path: string, body?: unknown): Promise<T>
  /** The raw answer, for bytes; throws like `request` when it is not 2xx. */
  fetch(path: string): Promise<Response>
}

/** Signs in; changes the first password to `newPassword` when the account still has it. */
export async function signIn(
  access: string,
  account: string,
  password: string,
  newPassword?: string,
): Promise<ApiSession> {
  let token = ''
  const call = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const headers: Record<string, string> = {}
    if (token) headers.authorization = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await fetch(`${access}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (response.ok) return response
    throw new Fault('bad_request', `${method} ${path}: ${response.status} ${await response.text()}`)
  }
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const text = await (await call(method, path, body)).text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const opened = await request<{ token: string; person: ApiSession['person']; mustChangePassword: boolean }>(
    'POST',
    '/session',
    { account, password },
  )
  token = opened.token
  if (opened.mustChangePassword && newPassword) {
    await request('PUT', '/session/password', { old: password, new: newPassword })
  }
  return { person: opened.person, request, fetch: (path) => call('GET', path) }
}
