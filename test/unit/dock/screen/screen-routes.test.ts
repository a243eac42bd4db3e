import { request } from 'node:http'
import { mock } from 'node:test'
import t from 'tap'
import { docked } from '../../../../services/console/dock-screen/gallery/cards.ts'
import { buildScreen } from '../../../../services/dock/screen/app.ts'
import { readBuiltPage } from '../../../../services/dock/screen/built-page.ts'
import { requireLoopback } from '../../../../services/dock/screen/own-page.ts'
import { pacedChanges } from '../../../../services/dock/screen/stream.ts'
import { openLog } from '../../../../services/foundation/log.ts'
import { movingModel } from '../../../browser/console/moving-model.ts'
import type { Teardown } from '../../../support/stack.ts'

const log = openLog({ service: 'test', level: 'silent' })
const json = { 'content-type': 'application/json' }

async function open(t: Teardown) {
  const model = movingModel()
  model.move(docked(2, 'uploading', 0.5, { gaps: 1 }))
  const server = await buildScreen({ model, log, page: [] })
  t.teardown(() => server.close())
  const own = { host: '127.0.0.1:8090', origin: 'http://127.0.0.1:8090' }
  const post = (url: string, payload?: object, headers: Record<string, string> = own) =>
    server.inject({ method: 'POST', url, headers: { ...(payload && json), ...headers }, ...(payload && { payload }) })
  const get = (url: string, headers: Record<string, string> = { host: 'localhost:8090' }) =>
    server.inject({ url, headers })
  return { model, server, post, get }
}

t.test(
  'a name that a foreign site may have pointed at this machine is refused, and so is another machine',
  async (t) => {
    const { get } = await open(t)
    for (const host of ['127.0.0.1:8090', 'localhost', '[::1]:8090']) {
      t.equal((await get('/screen/state', { host })).statusCode, 200, host)
    }
    for (const host of ['dock.evil.test', '127.0.0.1.evil.test', '10.0.0.7:8090']) {
      t.match(await get('/screen/state', { host }), { statusCode: 403 }, host)
    }
    const from = (remoteAddress: string) => ({ headers: { host: 'localhost' }, socket: { remoteAddress } }) as never
    for (const address of ['127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1']) requireLoopback(from(address))
    for (const address of ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1', '']) {
      t.throws(() => requireLoopback(from(address)), { code: 'wrong_origin' }, address)
    }
  },
)

t.test('who takes a device, and under which seal its card is', async (t) => {
  const { get, post, model } = await open(t)
  const check = { freePercent: 97, clockOffsetMs: 0, unfit: [], instead: null, taker: null }
  model.move(docked(4, 'charging', 1, { check }))
  const { people } = (await get('/screen/slots/4/people')).json()
  t.match(people[0], { id: String, name: String })
  t.equal((await post('/screen/slots/4/taking', { personId: people[0].id })).statusCode, 204)
  t.match((await get('/screen/slots/4')).json(), { card: { check: { taker: people[0] } } })
  const kept = { sealNumber: 'A1', keeper: '资料管理员', place: '保险柜' }
  t.equal((await post('/screen/slots/4/kept-card', { ...kept, place: ' ' })).statusCode, 400, 'blanks say nothing')
  t.equal((await post('/screen/slots/4/kept-card', kept)).statusCode, 204)
  t.match((await get('/screen/slots/4')).json(), { keptCard: kept })
})

t.test('only the page that was served here may change something', async (t) => {
  const { post, model } = await open(t)
  const foreign: Record<string, string>[] = [
    { host: '127.0.0.1:8090' },
    { host: '127.0.0.1:8090', origin: 'null' },
    { host: '127.0.0.1:8090', origin: 'https://evil.test' },
    { host: '127.0.0.1:8090', origin: 'http://127.0.0.1:9999' },
  ]
  for (const headers of foreign) t.equal((await post('/screen/slots/2/keep', undefined, headers)).statusCode, 403)
  t.same(model.said, [])
  t.equal((await post('/screen/slots/2/keep')).statusCode, 204)
  t.match(model.said, [{ act: 'keep', slot: 2 }])
})

t.test('what is asked is checked by the document, and faults keep their words', async (t) => {
  const { post, get, model } = await open(t)
  const path = '/screen/slots/2/explanations'
  t.equal((await post(path, { gapId: 'gap-1', reason: 'lunch', words: null })).statusCode, 400)
  t.equal((await post(path, { gapId: 'gap-1', reason: 'battery', words: null, more: 1 })).statusCode, 400)
  t.equal((await post(path, { gapId: 'gap-1', reason: 'battery', words: null })).statusCode, 204)
  t.match((await get('/screen/slots/99')).json(), { error: { code: 'not_found' } })
  t.match((await post('/screen/slots/2/print')).json(), { error: { code: 'not_ready' } })
  t.match((await post('/screen/slots/2/session', { code: '000000' })).json(), { error: { code: 'wrong_role' } })
  t.equal((await post('/screen/slots/2/session', { code: '12345' })).statusCode, 400)
  t.match((await post('/screen/slots/2/session', { code: model.codes.code })).json(), { grade: 'code' })
  t.equal((await post('/screen/slots/2/whose', { answer: 'ours', serial: 'ZJ00010' })).statusCode, 204)
  t.equal((await post('/screen/slots/2/whose', { answer: 'ours' })).statusCode, 400)
  t.equal((await post('/screen/slots/2/pick-up', { personId: null, reason: 'call_out' })).statusCode, 204)
})

t.test('the day of a list is the day of Beijing', async (t) => {
  const { get, model } = await open(t)
  const one = { person: null, serial: 'A', files: 1, result: 'receipts' as const }
  const evening = Date.UTC(2026, 10, 27, 15, 59)
  model.changeHead({
    recent: [
      { ...one, at: evening },
      { ...one, at: evening + 60_000, serial: 'B' },
    ],
  })
  const serials = async (date: string) =>
    (await get(`/screen/hand-ins?date=${date}`)).json().handIns.map(({ serial }: { serial: string }) => serial)
  t.same(await serials('2026-11-27'), ['A'])
  t.same(await serials('2026-11-28'), ['B'])
  t.equal((await get('/screen/hand-ins?date=yesterday')).statusCode, 400)
})

t.test('the slip has a policy of its own, and a slot that cannot be is none', async (t) => {
  const { get } = await open(t)
  const slip = await get('/screen/slots/2/slip')
  t.equal(slip.statusCode, 200)
  t.match(slip.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-[^ ]+'; /)
  for (const slot of ['0', 'x', '99999']) t.equal((await get(`/screen/slots/${slot}/slip`)).statusCode, 400)
  t.equal((await get('/screen/slots/99/slip')).statusCode, 404)
})

t.test('the stream begins with everything, then sends what changed, and ends with the server', async (t) => {
  const { model, server } = await open(t)
  const address = await server.listen({ host: '127.0.0.1', port: 0 })
  const read: string[] = []
  const ended = new Promise<void>((resolve, reject) => {
    request(`${address}/screen/events`, (answer) => {
      t.equal(answer.headers['content-type'], 'text/event-stream')
      t.equal(answer.headers['cache-control'], 'no-store')
      t.match(answer.headers['content-security-policy'], /default-src 'self'/)
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => {
        read.push(text)
        if (read.length === 1) model.move(docked(3, 'reading', 0))
        else if (text.includes('event: card')) void server.close()
      })
      answer.on('end', resolve)
    })
      .on('error', reject)
      .end()
  })
  await ended
  const events = read.join('').split('\n\n').filter(Boolean)
  t.match(events[0], /^event: state\ndata: \{"station"/)
  t.match(events[1], /^event: card\ndata: \{"slot":3,"word":"reading"/)
})

t.test(
  'a slot passes four times a second at most, its last state always; a full connection gets only the newest',
  async (t) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    t.teardown(() => mock.timers.reset())
    const sent: string[] = []
    let isOpen = true
    const pacer = pacedChanges((change) => {
      if (!isOpen) return false
      sent.push('card' in change ? `${change.card.slot} ${change.card.files.sent}` : 'head')
      return true
    })
    const change = (slot: number, count: number) => {
      const card = docked(slot, 'uploading', 0.5)
      pacer.take({ card: { ...card, files: { ...card.files, sent: count } } })
    }
    for (let count = 1; count <= 9; count++) change(1, count)
    change(2, 1)
    t.same(sent, ['1 1', '2 1'])
    mock.timers.tick(250)
    t.same(sent, ['1 1', '2 1', '1 9'])
    mock.timers.tick(1000)
    t.equal(sent.length, 3, 'nothing new, nothing sent')
    isOpen = false
    for (let count = 10; count <= 12; count++) change(1, count)
    isOpen = true
    pacer.flush()
    t.same(sent.at(-1), '1 12')
    pacer.stop()
  },
)

t.test('a page that was not built, and a file that is no part of one, stop the start', async (t) => {
  t.throws(() => readBuiltPage(`${t.testdirName}/none`), { code: 'bad_config', message: /not built/ })
  t.throws(() => readBuiltPage(t.testdir({ 'key.pem': '' })), { code: 'bad_config', message: /key\.pem/ })
  const files = readBuiltPage(t.testdir({ 'dock.html': 'page', assets: { 'a.js': 'code' } }))
  t.same(files.map(({ url }) => url).sort(), ['/', '/assets/a.js'])
})
