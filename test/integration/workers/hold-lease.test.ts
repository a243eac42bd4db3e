import { mock } from 'node:test'
import t from 'tap'
import { holdLease } from '../../../workers/hold-lease.ts'
import { openWorld } from '../../support/world.ts'

const never = new AbortController().signal

/** Renewals are due when the test says so; the lease's time is that of the world's clock. */
mock.timers.enable({ apis: ['setInterval'] })
t.teardown(() => mock.timers.reset())
const world = await openWorld(t, { movesClock: true })

/** Longer than a lease lasts. */
const tooLateMs = 20_000
const renewalDue = () => mock.timers.tick(4000)

t.test('work whose lease ran out is told so by its signal', async (t) => {
  const holding = holdLease(world, 'lost', never, async (held) => {
    world.clock.advance(tooLateMs)
    const isAborted = new Promise((resolve) => held.addEventListener('abort', resolve))
    renewalDue()
    await isAborted
    held.throwIfAborted()
  })
  await t.rejects(holding, { code: 'locked', message: 'the lease lost was lost' })
})

t.test('a renewal that answers when the work is done loses nothing', async (t) => {
  const { clock, log } = world
  const renewal = Promise.withResolvers<bigint | undefined>()
  const db = world.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (result.numAffectedRows === 0n) renewal.resolve(result.numAffectedRows)
      return result
    },
  })
  const held = await holdLease({ db, clock, log }, 'done', never, async (signal) => {
    clock.advance(tooLateMs)
    renewalDue()
    return signal
  })
  t.equal(await renewal.promise, 0n, 'it found no lease')
  await new Promise(setImmediate)
  t.notOk(held.aborted)
})
