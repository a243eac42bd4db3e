import t from 'tap'
import { Type } from 'typebox'
import { Fault } from '../../../services/foundation/errors.ts'
import { buildServer, principalOf, routesOf, type ServerOptions } from '../../../services/foundation/http/server.ts'
import { openLog } from '../../../services/foundation/log.ts'

const lines: string[] = []
const log = openLog({ service: 'test', level: 'info', destination: { write: (line) => lines.push(line) } })
const anyone = { access: 'anyone', event: null } as const

/** A server whose callers name their role in a header; refusals are collected. */
async function open(t: Tap, changes: Partial<ServerOptions> = {}) {
  const refusals: string[] = []
  const server = await buildServer({
    name: 'test',
    title: 'Test',
    log,
    bodyBytesMax: 1000,
    authenticate: async (request) => {
      const role = request.headers['x-test-role']
      return typeof role === 'string' ? { id: 'p1', role } : null
    },
    onRefused: async (request, fault) => {
      refusals.push(`${request.method} ${fault.code} ${request.principal?.id}`)
    },
    ready: async () => ({}),
    ...changes,
  })
  t.teardown(() => server.close())
  return { server, refusals }
}
interface Tap {
  teardown(end: () => Promise<unknown>): unknown
}

t.test('a server does not start with a route that does not say who may call it and what it writes', async (t) => {
  for (const config of [undefined, { access: ['custodian'] }, { event: null }]) {
    const { server } = await open(t)
    server.get('/forgotten', { config }, async () => 'x')
    await t.rejects(async () => void (await server.ready()), { code: 'bad_config', message: /GET \/forgotten/ })
  }
})

t.test('nobody is 401, another role 403 with its event, the right role is served', async (t) => {
  const { server, refusals } = await open(t)
  server.get('/cases', { config: { access: ['auditor'], event: null } }, async (request) => principalOf(request).role)
  const nobody = await server.inject('/cases')
  t.equal(nobody.statusCode, 401)
  t.match(nobody.json(), { error: { code: 'not_signed_in' } })
  t.same(refusals, [])
  const wrong = await server.inject({ url: '/cases', headers: { 'x-test-role': 'officer' } })
  t.equal(wrong.statusCode, 403)
  t.match(wrong.json(), { error: { code: 'wrong_role', details: { role: 'officer' } } })
  t.same(refusals, ['GET wrong_role p1'])
  const right = await server.inject({ url: '/cases', headers: { 'x-test-role': 'auditor' } })
  t.equal(right.body, 'auditor')
})

t.test('when the event of a refusal cannot be written, the answer says so', async (t) => {
  const onRefused = () => Promise.reject(new Fault('ledger_behind', 'the ledger is away'))
  const { server } = await open(t, { onRefused })
  server.get('/cases', { config: { access: ['auditor'], event: null } }, async () => 'x')
  t.equal((await server.inject({ url: '/cases', headers: { 'x-test-role': 'officer' } })).statusCode, 503)
})

t.test('a Fault reaches the client whole, an unknown error only as "internal"', async (t) => {
  const { server } = await open(t)
  const thrown: Record<string, Error> = {
    fault: new Fault('store_full', 'primary is full', { details: { store: 'primary' }, cause: new Error('xyzzy') }),
    unknown: new Error('password is hunter2'),
    database: Object.assign(new Error('terminating connection'), { code: '57P01' }),
  }
  server.get(
    '/:kind',
    { config: anyone, schema: { params: Type.Object({ kind: Type.String() }) } },
    async (request) => {
      throw thrown[request.params.kind] ?? new Error('no such kind')
    },
  )
  const fault = await server.inject('/fault')
  t.equal(fault.statusCode, 507)
  t.same(fault.json(), { error: { code: 'store_full', message: 'primary is full', details: { store: 'primary' } } })
  t.equal(fault.headers['retry-after'], '1')
  lines.length = 0
  const unknown = await server.inject('/unknown')
  t.equal(unknown.statusCode, 500)
  t.equal(unknown.json().error.code, 'internal')
  t.notMatch(unknown.body, /hunter2/)
  t.match(lines.join(''), /hunter2/, 'the log keeps the cause')
  const database = await server.inject('/database')
  t.equal(database.statusCode, 503)
  t.equal(database.json().error.code, 'database_down')
})

t.test('bad input gets a clear refusal that names the field', async (t) => {
  const { server } = await open(t)
  const body = Type.Object({ count: Type.Integer({ minimum: 1 }), note: Type.Optional(Type.String()) })
  const querystring = Type.Object({ page: Type.Optional(Type.Integer()) })
  server.post('/things', { config: anyone, schema: { body, querystring } }, async (request) => ({
    count: request.body.count,
    page: request.query.page,
  }))
  const post = (payload: string, type = 'application/json', query = '') =>
    server.inject({ method: 'POST', url: `/things${query}`, payload, headers: { 'content-type': type } })
  t.same(
    (await post('{"count":2}', 'application/json', '?page=3')).json(),
    { count: 2, page: 3 },
    'the query is converted',
  )

  const refusals: [string, number, string, RegExp][] = [
    ['{"count":"2"}', 400, 'bad_request', /body\.count must be integer/],
    ['{"count":2,"extra":1}', 400, 'bad_request', /additional properties: extra/],
    ['{"count":', 400, 'bad_request', /JSON/],
    ['', 400, 'bad_request', /empty/],
    [`{"count":1,"note":"${'x'.repeat(2000)}"}`, 413, 'too_large', /limit of 1000 bytes: nothing was stored/],
  ]
  for (const [payload, status, code, message] of refusals) {
    const answer = await post(payload)
    t.equal(answer.statusCode, status)
    t.match(answer.json(), { error: { code, message } })
  }
  t.equal((await post('x', 'text/csv')).statusCode, 415)
  t.match((await post('{"count":2}', 'application/json', '?page=x')).json(), {
    error: { message: /querystring\.page/ },
  })
})

t.test('an answer holds only what its schema lists', async (t) => {
  const { server } = await open(t)
  const schema = { response: { 200: Type.Object({ id: Type.String() }) } }
  server.get('/person', { config: anyone, schema }, async () => ({ id: 'a', password_hash: 'b' }) as { id: string })
  t.same((await server.inject('/person')).json(), { id: 'a' })
})

t.test('an unknown address is a 404 in JSON; request ids are ours; nothing is cached', async (t) => {
  const { server } = await open(t)
  lines.length = 0
  const answer = await server.inject({ url: '/nowhere?name=hunter2', headers: { 'x-request-id': 'evil\nline' } })
  t.equal(answer.statusCode, 404)
  t.equal(answer.json().error.code, 'not_found')
  t.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/)
  t.equal(answer.headers['cache-control'], 'no-store')
  t.match(answer.headers['content-security-policy'], /default-src 'self'/)
  t.match(lines.at(-1), /"path":"\/nowhere"/)
  t.notMatch(lines.join(''), /hunter2/, 'no query strings in the log')
})

t.test('health, readiness and OpenAPI 3.1 are served to anyone', async (t) => {
  let missing: Record<string, string> = { database: 'cannot be reached' }
  const { server } = await open(t, { ready: async () => missing })
  const schema = { response: { 200: Type.Object({ id: Type.String() }) } }
  server.get('/cases', { config: { access: ['auditor'], event: 'chain.read' }, schema }, async () => ({ id: 'a' }))
  t.equal((await server.inject('/healthz')).statusCode, 200)
  const notReady = await server.inject('/readyz')
  t.equal(notReady.statusCode, 503)
  t.same(notReady.json(), { ready: false, missing: { database: 'cannot be reached' } })
  missing = {}
  t.equal((await server.inject('/readyz')).statusCode, 200)
  const openapi = (await server.inject('/openapi.json')).json()
  t.equal(openapi.openapi, '3.1.0')
  t.match(openapi.paths['/cases'].get, { description: /For: auditor/, responses: { '4XX': {} } })
  t.equal((await server.inject('/docs')).statusCode, 200)
  t.equal((await server.inject('/docs/static/swagger-ui.css')).statusCode, 200)
  const routes = routesOf(server).map(({ method, url }) => `${method} ${url}`)
  t.ok(routes.includes('GET /cases') && routes.includes('GET /readyz'))
})

t.test('an address that asks too often is told to wait, health checks are not counted', async (t) => {
  const { server } = await open(t, { requestsPerMinuteMax: 2 })
  server.get('/cases', { config: { access: ['auditor'], event: null } }, async () => 'x')
  const statuses = []
  for (let n = 0; n < 3; n++) statuses.push((await server.inject('/cases')).statusCode)
  t.same(statuses, [401, 401, 429])
  t.equal((await server.inject('/healthz')).statusCode, 200)
})

t.test('a route with a limit of its own is counted by that one', async (t) => {
  const { server } = await open(t, { requestsPerMinuteMax: 3 })
  const own = { ...anyone, rateLimit: { max: 2, timeWindow: 60_000 } }
  server.post('/session', { config: own }, async () => 'x')
  server.get('/cases', { config: anyone }, async () => 'x')
  const ask = async (method: 'GET' | 'POST', url: string, times: number) => {
    const answers = []
    for (let n = 0; n < times; n++) answers.push(await server.inject({ method, url }))
    return answers
  }
  const signIns = await ask('POST', '/session', 3)
  t.same(
    signIns.map(({ statusCode }) => statusCode),
    [200, 200, 429],
  )
  t.match(signIns.at(-1)!.json(), { error: { code: 'too_many_requests', message: /more than 2 requests a minute/ } })
  t.ok(Number(signIns.at(-1)!.headers['retry-after']) > 0)
  t.same(
    (await ask('GET', '/cases', 4)).map(({ statusCode }) => statusCode),
    [200, 200, 200, 429],
  )
})

t.test('the server listens on its own port and answers over a socket', async (t) => {
  const { server } = await open(t)
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  t.same(await (await fetch(`${address}/healthz`)).json(), { status: 'ok' })
})
