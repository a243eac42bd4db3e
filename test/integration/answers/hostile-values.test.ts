import t, { type Test } from 'tap'
import { metadata, openIngestWorld } from '../../support/ingest.ts'
import { openBureau } from '../access/bureau.ts'
import { type Hostile, hostileOf, type Schema, sampleOf } from './hostile-values.ts'

// Whatever is sent to whatever route: what is wrong is named, and nothing breaks.

interface Operation {
  readonly description?: string
  readonly security: readonly unknown[]
  readonly parameters?: readonly { in: string; name: string; schema: Schema }[]
  readonly requestBody?: { content: Record<string, { schema: Schema }> }
}

interface HostileRequest extends Hostile {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly operation: Operation
}

/** Every request that a document allows, each with one hostile value in it. */
async function hostileRequests(base: string): Promise<HostileRequest[]> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => requestsOf(method.toUpperCase(), path, operation)),
  )
}

function requestsOf(method: string, pattern: string, operation: Operation): HostileRequest[] {
  const { parameters = [], requestBody } = operation
  const bodySchema = requestBody?.content['application/json']?.schema ?? null
  const sound = Object.fromEntries(parameters.map((one) => [one.name, sampleOf(one.schema)]))
  const pathWith = (values: Readonly<Record<string, unknown>>) => {
    const path = pattern.replace(/\{([\w*]+)\}/g, (_, name: string) => encoded(values[name] ?? '0/000'))
    const query = parameters.filter((one) => one.in === 'query').map(({ name }) => `${name}=${encoded(values[name])}`)
    return query.length > 0 ? `${path}?${query.join('&')}` : path
  }
  const body = bodySchema && sampleOf(bodySchema)
  const inAddress = parameters
    .filter((one) => one.in === 'path' || one.in === 'query')
    .flatMap(({ in: place, name, schema }) =>
      [...hostileOf(schema, `${place}.${name}`)]
        // An address has no half characters.
        .filter(({ value }) => String(value).isWellFormed())
        .map((one) => ({ ...one, method, operation, body, path: pathWith({ ...sound, [name]: one.value }) })),
    )
  const inBody = bodySchema ? [...hostileOf(bodySchema, 'body')] : []
  return [...inAddress, ...inBody.map((one) => ({ ...one, method, operation, body: one.value, path: pathWith(sound) }))]
}

function encoded(value: unknown): string {
  return encodeURIComponent(String(value))
}

/** Sends all of them, some at a time, and names what was not answered as it must be. */
async function sendAll(
  base: string,
  requests: readonly HostileRequest[],
  tokenFor: (operation: Operation) => string | null,
): Promise<string[]> {
  const wrong: string[] = []
  const waiting = [...requests]
  const sender = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { method, path, body, at, value, isText, operation } = next
      const token = tokenFor(operation)
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== null && { 'content-type': 'application/json' }),
          'tus-resumable': '1.0.0',
        },
        body: body === null ? null : JSON.stringify(body),
      })
      const text = await response.text()
      const isRight = isText ? response.status === 400 : response.status !== 500
      if (!isRight)
        wrong.push(`${method} ${path} ${at} ${JSON.stringify(value)?.slice(0, 100)}: ${response.status} ${text}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, sender))
  return wrong
}

t.test('no value in no route of access makes it fail, and a text that cannot be kept is refused', async (t) => {
  const bureau = await openBureau(t)
  const tokens = new Map<string, string>()
  for (const who of Object.values(bureau.people)) tokens.set(who.role, (await bureau.signIn(who)).token)
  const requests = await hostileRequests(bureau.base)
  t.comment(`${requests.length} requests`)
  t.ok(requests.length > 500)
  const wrong = await sendAll(bureau.base, requests, ({ security, description = '' }) => {
    const roles = /For: ([^.]*)\./.exec(description)?.[1]?.split(', ') ?? []
    return security.length === 0 ? null : tokens.get(roles[0]!)!
  })
  t.same(wrong, [])
  await checkAddresses(t, bureau.base)
})

/** An address that no route can have is answered like any other refusal. */
async function checkAddresses(t: Test, base: string): Promise<void> {
  for (const path of ['/cases/%ff', '/cases/%ED%A0%80', '/%']) {
    const response = await fetch(`${base}${path}`)
    t.equal(response.status, 400, path)
    t.match(await response.json(), { error: { code: 'bad_request', message: /percent/ } })
    t.equal(response.headers.get('cache-control'), 'no-store')
    t.match(response.headers.get('content-security-policy'), /default-src/)
  }
}

t.test('nor does one in a route of ingest, in the metadata of an upload or in a form', async (t) => {
  const world = await openIngestWorld(t)
  const requests = await hostileRequests(world.origin)
  t.ok(requests.length > 100)
  t.same(await sendAll(world.origin, requests, ({ security }) => (security.length === 0 ? null : world.dock.token)), [])

  const facts = { serial: 'DSJ0001', filename: 'DSJ0001_1.MP4' }
  const hostile: Record<string, string | Buffer>[] = [
    { serial: 'DSJ\0' },
    { serial: Buffer.from([0xed, 0xa0, 0x80]) },
    { deviceTime: '2026-11-20T08:30:00Z\0' },
    { clockOffsetMs: '9'.repeat(15) },
    { sha256: '\0' },
    { handIn: '-'.repeat(36) },
    { handInNumber: String(2 ** 31) },
    { mark: '\0' },
  ]
  for (const one of hostile) {
    const headers = { 'upload-length': '1', 'upload-metadata': metadata({ ...facts, ...one }) }
    const response = await world.call('POST', '/uploads', { headers })
    t.equal(response.status, 400, JSON.stringify(one))
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...facts, ...one })) form.set(name, String(value))
    form.set('file', new Blob(['x']))
    // A form is text: what is not UTF-8 cannot be sent in it.
    if (Object.values(one).some((value) => typeof value !== 'string')) continue
    t.equal((await world.call('POST', '/footage', { body: form })).status, 400, `${JSON.stringify(one)} in a form`)
  }
  const named = new FormData()
  named.set('serial', facts.serial)
  named.set('filename', 'DSJ0001\0.MP4')
  named.set('file', new Blob(['x']))
  t.match(await (await world.call('POST', '/footage', { body: named })).json(), {
    error: { code: 'bad_request', message: /filename: contains the character U\+0000/ },
  })
  for (const length of ['9'.repeat(16), String(2 ** 53), '-1', '1e3', '0x1']) {
    const headers = { 'upload-length': length, 'upload-metadata': metadata(facts) }
    const { status } = await world.call('POST', '/uploads', { headers })
    t.ok(status === 400 || status === 413, `${length}: ${status}`)
  }
})
