import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { untilJudged } from '../../deploy/local/demo/dock-client.ts'
import { startBureau } from '../support/bureau.ts'
import { inFull } from '../support/in-full.ts'
import { readsAreExplained, readsSettings } from './reads.ts'

// What the office does when a server goes away under load and comes back. One bureau for all, since each test leaves it
// whole: that is the point.

t.test('servers go away and come back, and nothing is lost', async (t) => {
  const bureau = await startBureau(t, readsSettings)
  const { stack, system } = bureau

  await t.test('what the stores say was read is explained by the ledger, or is an alarm', (t) =>
    readsAreExplained(t, bureau),
  )

  await t.test('promise 6: after FLUSHALL every pending job is rebuilt from PostgreSQL', async (t) => {
    await system.processes.workers.stop('at-once')
    const ids = await bureau.dockFiles([1, 2, 3].map(() => bureau.file('ZJ00001', 300_000)))
    await system.processes.workers.start()
    const redis = new Redis(stack.redis.url)
    await redis.flushall()
    await delay(300)
    await redis.flushall()
    redis.disconnect()
    for (const id of ids) t.ok(await bureau.secured(id))
  })

  await t.test('a backup store is down: ingest goes on, nothing is secured, and it catches up unaided', async (t) => {
    await stack.stores['backup-b'].stop('at-once')
    const [id] = await bureau.dockFiles([bureau.file('ZJ00002', 3_000_000)])
    try {
      const { recordingId, state } = await untilJudged(system.ingest, bureau.dock, id!)
      t.equal(state, 'sealed')
      await delay(3_000)
      const view = await bureau.people.custodian!.request<{ state: string }>('GET', `/recordings/${recordingId}`)
      t.equal(view.state, 'sealed')
    } finally {
      await stack.stores['backup-b'].start()
    }
    t.ok(await bureau.secured(id!, 90_000))
  })

  await t.test('the primary is down: a clear 503, and the upload goes on after', async (t) => {
    await stack.stores.primary.stop('at-once')
    const file = bureau.file('ZJ00003', 2_000_000)
    await t.rejects(bureau.dockFiles([file]), { message: /: 503/ })
    await stack.stores.primary.start()
    const [id] = await bureau.dockFiles([file])
    t.ok(await bureau.secured(id!))
  })

  await t.test('PostgreSQL restarts under load: every process survives and the load goes through', async (t) => {
    const pids = Object.values(system.processes).map(({ pid }) => pid)
    const ids: string[] = []
    const load = (async () => {
      for (let round = 0; round < (inFull ? 12 : 6); round++) {
        const file = bureau.file('ZJ00004', 200_000)
        for (let tries = 0; ; tries++) {
          const done = await bureau.dockFiles([file]).catch((error: unknown) => {
            if (tries > 40) throw error
            return null
          })
          if (done) {
            ids.push(...done)
            break
          }
          await delay(250)
        }
      }
    })()
    await delay(500)
    await stack.postgres.restart('at-once')
    await load
    for (const id of ids) t.ok(await bureau.secured(id))
    t.same(
      Object.values(system.processes).map(({ pid }) => pid),
      pids,
    )
    for (const process of Object.values(system.processes)) t.ok(process.isRunning(), `${process.name} is alive`)
  })

  await t.test('promise 7: every process is killed again and again under load, with the same end state', async (t) => {
    const ids: string[] = []
    let ended = false
    const load = (async () => {
      for (let round = 0; round < (inFull ? 10 : 4); round++) {
        const file = bureau.file('ZJ00005', 5_000_000)
        for (let tries = 0; ; tries++) {
          const done = await bureau.dockFiles([file]).catch((error: unknown) => {
            if (tries > 60) throw error
            return null
          })
          if (done) {
            ids.push(...done)
            break
          }
          await delay(250)
        }
      }
    })().finally(() => {
      ended = true
    })
    const victims = ['workers', 'sequencer', 'ingest', 'access', 'transcode'] as const
    for (let round = 0; !ended || round < victims.length; round++) {
      const victim = system.processes[victims[round % victims.length]!]
      await victim.stop('at-once')
      await victim.start()
      await delay(200)
    }
    await load
    for (const id of ids) t.ok(await bureau.secured(id, 90_000))
  })

  await t.test('fsck finds nothing after all of it', async (t) => {
    t.same(await bureau.fsck(), [])
  })
})
