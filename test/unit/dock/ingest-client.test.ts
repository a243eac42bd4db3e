import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { Away, openIngest, Refused } from '../../../services/dock/ingest/client.ts'

t.test('only the bureau itself can refuse, or say that something is done', async (t) => {
  const json = 'application/json; charset=utf-8'
  const refusal = JSON.stringify({ error: { code: 'not_found', message: 'no such device' } })
  let answer: { status: number; type?: string; text?: string } = { status: 204 }
  const server = createServer((_, response) => {
    const { status, type, text } = answer
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ingest = openIngest({ origin, caFile: null, token: () => 'token', answerMsMax: 5000, now: Date.now })
  t.teardown(async () => {
    await ingest.close()
    server.close()
  })
  const outcome = (given: typeof answer, method: 'POST' | 'HEAD' = 'POST') => {
    answer = given
    return ingest.ask({ method, path: '/hand-ins' }).catch((error: unknown) => error)
  }
  t.match(await outcome({ status: 204 }), { status: 204 })
  t.match(await outcome({ status: 201, type: json, text: '{}' }), { status: 201 })
  t.match(await outcome({ status: 304 }), { status: 304 })
  t.match(await outcome({ status: 404, type: json, text: refusal }), { code: 'not_found' })
  t.type(await outcome({ status: 404 }, 'HEAD'), Refused, 'an answer to HEAD has no words')
  t.equal(ingest.reach().state, 'online')
  const foreign: (typeof answer)[] = [
    { status: 404, type: 'text/html', text: '<html>not here</html>' },
    { status: 413, type: json, text: '{"error":"too large"}' },
    { status: 403 },
    { status: 302 },
    { status: 200, type: 'text/html', text: '<html>sign in</html>' },
  ]
  for (const one of foreign) {
    const error = await outcome(one)
    t.type(error, Away, `${one.status}`)
    t.match(error, { isAboutQuestion: true })
    t.equal(ingest.reach().state, 'offline')
  }
})
