import t from 'tap'
import { createRegistry, observeRequests, startMetrics } from '../../../services/foundation/http/metrics.ts'
import { buildServer } from '../../../services/foundation/http/server.ts'
import { openLog } from '../../../services/foundation/log.ts'

t.test('metrics are on a port of their own and name routes by pattern, never by address', async (t) => {
  const registry = createRegistry('test')
  const server = await buildServer({
    name: 'test',
    title: 'Test',
    log: openLog({ service: 'test', level: 'silent' }),
    bodyBytesMax: 1000,
    authenticate: async () => null,
    onRefused: async () => {},
    ready: async () => ({}),
  })
  t.teardown(() => server.close())
  observeRequests(server, registry)
  server.get('/cases/:id', { config: { access: 'anyone', event: null } }, async () => 'x')
  await server.inject('/cases/secret-number')

  const metrics = await startMetrics({ listen: { host: '127.0.0.1', port: 0 }, registry })
  t.teardown(() => metrics.close())
  const text = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text()
  t.match(text, /http_request_duration_seconds_count\{[^}]*route="\/cases\/:id"[^}]*\} 1/)
  t.match(text, /process_resident_memory_bytes/)
  t.notMatch(text, /secret-number/)
  t.equal((await fetch(`http://127.0.0.1:${metrics.port}/other`)).status, 404)
})
