import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { Fault } from '../../../services/foundation/errors.ts'
import { readBody } from '../../../services/ingest/receive/body-reader.ts'
import { openHashMemory } from '../../../services/ingest/receive/hash-memory.ts'

t.test('a body is given out as it is asked for, and ends with null', async (t) => {
  const body = new PassThrough()
  const reader = readBody(body)
  body.end('tailbod')
  body.once('end', () => reader.stop(new Fault('locked', 'stopped after its end: it is whole all the same')))
  const read: string[] = []
  for (let chunk = await reader.next(3); chunk; chunk = await reader.next(3)) read.push(chunk.toString())
  t.same(read, ['tai', 'lbo', 'd'])
  t.equal(await reader.next(3), null)
})

t.test('a body that breaks off is an error, not an end', async (t) => {
  const body = new PassThrough()
  const reader = readBody(body)
  const waiting = t.rejects(reader.next(10), { code: 'bad_request' })
  body.destroy()
  await waiting
  const broken = new PassThrough()
  broken.destroy()
  await new Promise((resolve) => broken.once('close', resolve))
  await t.rejects(readBody(broken).next(1), { code: 'bad_request' }, 'also when it broke before anybody listened')
})

t.test('what had arrived before a body broke off or was stopped is given out first', async (t) => {
  for (const end of ['broken', 'stopped'] as const) {
    const body = new PassThrough()
    const reader = readBody(body)
    body.write('arrived')
    await new Promise((resolve) => setImmediate(resolve))
    if (end === 'broken') body.destroy()
    else reader.stop(new Fault('locked', 'stop'))
    await new Promise((resolve) => setImmediate(resolve))
    if (end === 'stopped') body.write('too late')
    t.ok(reader.hasBroken())
    t.equal(String(await reader.next(4)), 'arri')
    t.equal(String(await reader.next(4)), 'ved')
    await t.rejects(reader.next(4), { code: end === 'broken' ? 'bad_request' : 'locked' })
  }
})

t.test('a stopped reader rejects the read that waits', async (t) => {
  const reader = readBody(new PassThrough())
  const waiting = t.rejects(reader.next(10), { code: 'locked' })
  reader.stop(new Fault('locked', 'stop'))
  await waiting
})

t.test('a reader holds the body back instead of growing', async (t) => {
  const body = new PassThrough()
  const reader = readBody(body)
  for (let count = 0; count < 64; count++) body.write(Buffer.alloc(64 * 1024))
  await new Promise((resolve) => setImmediate(resolve))
  t.ok(body.isPaused())
  body.end()
  let bytes = 0
  for (let chunk = await reader.next(1e9); chunk; chunk = await reader.next(1e9)) bytes += chunk.length
  t.equal(bytes, 64 * 64 * 1024)
})

t.test('a digest goes on only from the offset it stands at', async (t) => {
  const memory = openHashMemory(2)
  t.ok(memory.at('a', 0), 'a fresh one at the start')
  memory.keep('a', { offset: 3, hash: createHash('sha256').update('abc') })
  t.equal(memory.at('a', 2), null)
  const first = memory.at('a', 3)!.update('d').digest('hex')
  t.equal(memory.at('a', 3)!.update('d').digest('hex'), first, 'what is taken is a copy')
  t.equal(first, createHash('sha256').update('abcd').digest('hex'))
  memory.keep('b', { offset: 1, hash: createHash('sha256') })
  memory.keep('c', { offset: 1, hash: createHash('sha256') })
  t.equal(memory.at('a', 3), null, 'the oldest is forgotten')
  memory.forget('c')
  t.equal(memory.at('c', 1), null)
})
