import t from 'tap'
import { openPlaces } from '../../../services/dock/ingest/places.ts'

t.test('marked files come first, and devices take turns', async (t) => {
  const places = openPlaces({ max: 1, bytesPerSecond: null })
  const { signal } = new AbortController()
  const order: string[] = []
  const { promise: untilFreed, resolve: free } = Promise.withResolvers<void>()
  const first = places.run({ device: 'x', isMarked: false }, signal, () => untilFreed)
  const later = [
    { name: 'a1', device: 'a', isMarked: false },
    { name: 'a2', device: 'a', isMarked: false },
    { name: 'b1', device: 'b', isMarked: false },
    { name: 'c1', device: 'c', isMarked: true },
  ].map(({ name, ...who }) =>
    places.run(who, signal, async () => {
      order.push(name)
      for await (const _ of places.paced(who.device, [Buffer.alloc(10)] as never, signal)) order.length
    }),
  )
  free()
  await Promise.all([first, ...later])
  t.same(order, ['c1', 'a1', 'b1', 'a2'])
})

t.test('who gives up while waiting takes no place', async (t) => {
  const places = openPlaces({ max: 1, bytesPerSecond: null })
  const stop = new AbortController()
  const { promise: untilFreed, resolve: free } = Promise.withResolvers<void>()
  const who = { device: 'a', isMarked: false }
  const first = places.run(who, new AbortController().signal, () => untilFreed)
  const second = places.run(who, stop.signal, async () => t.fail('it has given up'))
  const third = places.run(who, new AbortController().signal, async () => 'third')
  stop.abort(new Error('given up'))
  await t.rejects(second, { message: 'given up' })
  free()
  await first
  t.equal(await third, 'third')
})

t.test('the rate holds for all devices together', async (t) => {
  const places = openPlaces({ max: 4, bytesPerSecond: 100_000 })
  const { signal } = new AbortController()
  const beganMs = performance.now()
  await Promise.all(
    ['a', 'b'].map(async (device) => {
      for await (const _ of places.paced(device, pieces(), signal)) t.ok(true)
    }),
  )
  t.ok(performance.now() - beganMs >= 190, '20,000 bytes and one piece more need a fifth of a second')
})

async function* pieces(): AsyncIterable<Buffer> {
  for (let piece = 0; piece < 11; piece++) yield Buffer.alloc(1000)
}
