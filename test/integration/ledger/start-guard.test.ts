import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { startProcess } from '../../../deploy/local/system/process.ts'
import { Fault } from '../../../services/foundation/errors.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { type Store, storeNames } from '../../../services/foundation/store/store.ts'
import { parseLogKeys } from '../../../services/ledger/format/log-keys.ts'
import { joinNote, splitNote } from '../../../services/ledger/format/note.ts'
import type { Memory } from '../../../services/ledger/guard/memory.ts'
import { openStartGuard } from '../../../services/ledger/guard/start-guard.ts'
import { storeMemory } from '../../../services/ledger/guard/store-memory.ts'
import { appendEvent } from '../../../services/ledger/log/append.ts'
import { makeTestLog } from '../../support/sequencer.ts'
import { keyOf, noteOf, openLedger, someHead } from './guarded-ledger.ts'

t.test('each of the three stores alone stops a ledger that was put back, head and all', async (t) => {
  for (const name of storeNames) {
    const ledger = await openLedger(t)
    const { world, log } = ledger
    const newest = await ledger.grow(3)
    for (const size of [1, 2]) {
      await world.stores[name].put('originals', keyOf(log, size), Buffer.from(await noteOf(world, size)))
    }
    await world.stores[name].put('originals', keyOf(log, 3), Buffer.from(newest))
    t.ok(await ledger.guard(), 'what grew from what is remembered is fine')
    const root = Buffer.from(newest.split('\n')[2]!, 'base64').toString('hex')
    await ledger.putBack(2)
    const message = new RegExp(
      `the store ${name} .*3 events with root ${root}.*\\(2 events\\).*restored database.*RUNBOOK`,
    )
    await t.rejects(ledger.guard(), { code: 'log_forked', message }, name)
    await ledger.grow(2)
    await t.rejects(
      ledger.guard(),
      { code: 'log_forked', message: /\(4 events\)/ },
      'also when it has grown again since',
    )
  }
})

t.test('objects that the log did not sign are passed over, and hide nothing', async (t) => {
  const ledger = await openLedger(t)
  const { world, log } = ledger
  const [old] = [await ledger.grow(1)]
  const newest = await ledger.grow(1)
  const other = await makeTestLog(t)
  const tree = { size: 900, root: Buffer.alloc(32) }
  const forged = other.sign(tree)
  const put = (size: number, text: string | Buffer) =>
    world.stores['backup-a'].put('originals', keyOf(log, size), Buffer.from(text))
  await put(2, newest)
  await put(900, forged)
  await put(901, 'no note')
  await put(902, Buffer.from([0xff, 0xfe, 0x00]))
  await put(903, old)
  await put(904, newest.replace('\n2\n', '\n904\n'))
  const { text, signatures } = splitNote(log.sign({ ...tree, size: 905 }))
  for (const [at, one] of signatures.entries()) await put(905 + at, joinNote(text, [one]))
  await world.stores['backup-a'].put('originals', `${keyOf(log, 1)}x`, Buffer.from(newest))
  t.ok(await ledger.guard())
  await ledger.putBack(1)
  await t.rejects(
    ledger.guard(),
    { code: 'log_forked', message: /backup-a.*2 events/ },
    'the true one is found below them',
  )
})

t.test('years of checkpoints: the newest is found without listing them all', async (t) => {
  const log = await makeTestLog(t)
  const root = Buffer.alloc(32, 3)
  const digits = (size: number) => String(size).padStart(16, '0')
  const folder = keyOf(log, 0).slice(0, -16)
  const sizes = Array.from({ length: 20_000 }, (_, n) => 7 * (n + 1))
  let listed = 0
  const store = {
    name: 'primary',
    async *list(_bucket: string, prefix: string) {
      const found = sizes.filter((size) => `${folder}${digits(size)}`.startsWith(prefix))
      for (const size of found) {
        listed += 1
        yield { bucket: 'originals', key: `${folder}${digits(size)}`, versionId: '1', bytes: 500, deleteMarker: false }
      }
    },
    get: async ({ key }: { key: string }) =>
      Readable.from([Buffer.from(log.sign({ size: Number(key.slice(-16)), root }))]),
  } as unknown as Store
  const keys = parseLogKeys(log.verifierKeys)
  const memory = storeMemory({ store, keys, log: openLog({ service: 'test', level: 'silent' }) })
  t.same(await memory.recall(new AbortController().signal), [{ size: 140_000, root }])
  t.ok(listed < 1000, `${listed} names were listed`)
})

t.test('a tree that the log signed, but with another root, is a fork', async (t) => {
  const ledger = await openLedger(t)
  await ledger.grow(2)
  const note = ledger.log.sign({ size: 2, root: Buffer.alloc(32, 9) })
  await ledger.world.stores.primary.put('originals', keyOf(ledger.log, 2), Buffer.from(note))
  await t.rejects(ledger.guard(), { code: 'log_forked', message: /the store primary.*0909.*does not hold it/ })
})

t.test(
  'who cannot be asked does not stop the office, is asked again, and stops it when he then remembers',
  async (t) => {
    const ledger = await openLedger(t)
    await ledger.grow(1)
    let asked = 0
    const root = Buffer.alloc(32, 7)
    const silent: Memory = { name: 'the store silent', recall: () => new Promise(() => undefined) }
    const late: Memory = {
      name: 'the store late',
      recall: async () => {
        asked += 1
        if (asked < 3) throw new Fault('store_down', 'it is away')
        return [{ size: 5, root }]
      },
    }
    const guard = openStartGuard({
      db: ledger.world.db,
      head: someHead,
      memories: [silent, late],
      log: ledger.world.log,
      answerTimeoutMs: 50,
      askAgainMs: 20,
    })
    let worked = false
    const run = guard.run(new AbortController().signal, async (signal) => {
      worked = true
      t.same(guard.unanswered(), ['the store silent', 'the store late'])
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    })
    await t.rejects(run, { code: 'log_forked', message: /the store late.*5 events with root 0707/ })
    t.ok(worked, 'it had signed meanwhile')
  },
)

t.test('head and database gone, a store away: nothing is signed before it has answered', async (t) => {
  const { world } = await openLedger(t)
  const { db, log } = world
  let isAway = true
  let asked = 0
  const remembered = [{ size: 5, root: Buffer.alloc(32, 7) }]
  const guardOf = (heads: typeof remembered) => {
    const recall = async () => {
      asked += 1
      if (isAway) throw new Fault('store_down', 'it is away')
      return heads
    }
    const memories: Memory[] = [{ name: 'the store late', recall }]
    return openStartGuard({ db, head: { read: async () => null }, memories, log, askAgainMs: 10 })
  }
  const stopper = new AbortController()
  const stopped = guardOf([]).run(stopper.signal, async () => {
    t.fail('it signed a log that nobody vouched for')
  })
  await world.until(() => asked > 3)
  stopper.abort()
  await stopped
  const refused = guardOf(remembered).run(new AbortController().signal, async () => {
    t.fail('it signed a second history')
  })
  const begun = guardOf([]).run(new AbortController().signal, async () => {
    t.notOk(isAway, 'a new log, which all say')
  })
  isAway = false
  await t.rejects(refused, { code: 'log_forked', message: /the store late.*5 events/ })
  await begun
})

t.test('when he then agrees, the work goes on and he is not asked any more', async (t) => {
  const ledger = await openLedger(t)
  let asked = 0
  const late: Memory = {
    name: 'the store late',
    recall: async () => {
      asked += 1
      if (asked === 1) throw new Fault('store_down', 'it is away')
      return []
    },
  }
  const { db, log } = ledger.world
  const guard = openStartGuard({ db, head: someHead, memories: [late], log, answerTimeoutMs: 5_000, askAgainMs: 10 })
  await guard.run(new AbortController().signal, async (signal) => {
    await ledger.world.until(() => guard.unanswered().length === 0)
    t.notOk(signal.aborted)
  })
  t.equal(asked, 2)
  await t.rejects(
    guard.run(new AbortController().signal, async () => {
      throw new Fault('internal', 'of the work')
    }),
    { message: 'of the work' },
  )
})

t.test('a database that cannot answer is no outage of others: nothing is signed', async (t) => {
  const ledger = await openLedger(t)
  const recall = async () => {
    throw new Fault('database_down', 'away')
  }
  const { db, log } = ledger.world
  const guard = openStartGuard({ db, head: someHead, memories: [{ name: 'the witness w', recall }], log })
  const work = async () => {
    t.fail('it signed')
  }
  await t.rejects(guard.run(new AbortController().signal, work), { code: 'database_down' })
})

t.test('the process: reads the stores with its own credential, signs, and refuses to after a restore', async (t) => {
  const ledger = await openLedger(t)
  const { world, log } = ledger
  const directory = t.testdir()
  const file = async (name: string, text: string) => {
    const path = join(directory, name)
    await writeFile(path, text)
    return path
  }
  const environment = {
    ...world.environmentFor('sequencer'),
    LEDGER_ORIGIN: log.origin,
    LEDGER_VERIFIER_KEY: log.verifierKeys,
    LEDGER_SIGNING_KEY_FILE: await file('signing.key', log.signerKey),
    LEDGER_MLDSA_KEY_FILE: await file('mldsa.key', log.mlDsaSignerKey),
    LEDGER_VRF_KEY_FILE: await file('vrf.key', log.vrfSecretKey.toString('hex')),
    LEDGER_HEAD_FILE: log.headPath,
    LOG_LEVEL: 'info',
  }
  const start = async (name: string) => {
    const metrics = `127.0.0.1:${await freePort()}`
    const running = await startProcess({
      name: 'sequencer',
      command: ['workers/sequencer.ts'],
      environment: { ...environment, METRICS_LISTEN: metrics },
      statusAddress: `http://${metrics}`,
      logPath: join(directory, `${name}.log`),
      detached: false,
    })
    t.teardown(() => running.stop('at-once'))
    return { running, metrics }
  }
  await ledger.grow(2)
  const first = await start('first')
  await world.db.transaction().execute((trx) =>
    appendEvent(trx, {
      kind: 'test.happened',
      at: new Date(),
      actor: 't',
      actorRole: 'service',
      subjects: [{ type: 'test', id: 'b' }],
      details: {},
    }),
  )
  await world.until(async () => (await world.db.selectFrom('checkpoint').select('size').execute()).length === 3)
  const page = await (await fetch(`http://${first.metrics}/metrics`)).text()
  t.match(page, /ledger_memory_unanswered\{memory="the store backup-b"[^}]*\} 0/)
  await first.running.stop()
  await world.stores['backup-b'].put('originals', keyOf(log, 3), Buffer.from(await noteOf(world, 3)))
  await ledger.putBack(2)

  const second = await start('second')
  await world.until(() => !second.running.isRunning())
  const said = await readFile(join(directory, 'second.log'), 'utf8')
  t.match(said, /the sequencer refuses to sign/)
  t.match(said, /the store backup-b remembers.*3 events/)
  t.equal((await world.db.selectFrom('checkpoint').select('size').execute()).length, 2)
  await rm(join(directory, 'second.log'))
})
