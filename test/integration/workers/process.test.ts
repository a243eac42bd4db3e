import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../../deploy/local/stack/free-port.ts'
import { type RunningProcess, startProcess } from '../../../deploy/local/system/process.ts'
import { openWorld } from '../../support/world.ts'
import { clipMaker } from './clips.ts'
import { copiesOf, eventsOf, recordingRow, type Sealed, sealRecording } from './sealed.ts'

// A stack of its own: these tests stop a store, and kill real worker processes.
delete process.env.CUSTODY_STACK
t.setTimeout(480_000)
const world = await openWorld(t)
const clip = await clipMaker(t)
const directory = mkdtempSync(join(tmpdir(), 'custody-process-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))

async function start(name: string, parts: readonly string[], service: 'worker' | 'transcode'): Promise<RunningProcess> {
  const metrics = `127.0.0.1:${await freePort()}`
  const canary = Object.entries(world.environmentFor('canary'))
    .filter(([variable]) => /^STORE_.*_(ACCESS|SECRET)_KEY$/.test(variable))
    .map(([variable, value]) => [`CANARY_${variable}`, value] as const)
  const running = await startProcess({
    name,
    command: ['workers/main.ts', ...parts],
    environment: {
      ...world.environmentFor(service),
      ...Object.fromEntries(canary),
      METRICS_LISTEN: metrics,
      SCRATCH_DIR: join(directory, name),
      LOG_LEVEL: 'debug',
    },
    statusAddress: `http://${metrics}`,
    logPath: join(directory, `${name}.log`),
    detached: false,
  })
  t.teardown(() => running.stop('at-once'))
  return running
}

const stateOf = async (sealed: Sealed): Promise<string> => (await recordingRow(world, sealed.id)).state
const secured = (sealed: Sealed) => world.until(async () => (await stateOf(sealed)) === 'secured')
const workers = await start('workers', ['relay', 'checksum', 'copy', 'expire'], 'worker')

t.test('what was sealed becomes secured and playable by the processes alone', async (t) => {
  const transcode = await start('transcode', ['transcode'], 'transcode')
  const sealed = await sealRecording(world, await clip('recorder.mp4'))
  await secured(sealed)
  await world.until(async () => (await eventsOf(world, sealed.id))['rendition.ready'] === 1)
  await transcode.stop()
  t.notOk(transcode.isRunning())
})

t.test('a worker process that is killed in the middle of its jobs loses nothing', async (t) => {
  const all = await Promise.all(Array.from({ length: 6 }, () => sealRecording(world, randomBytes(12 * 1024 * 1024))))
  await world.until(
    async () => (await copiesOf(world, all[0]!.id)).length > 1 || (await stateOf(all[0]!)) === 'secured',
  )
  await workers.stop('at-once')
  await workers.start()
  for (const sealed of all) await secured(sealed)
  for (const sealed of all) {
    t.same(await eventsOf(world, sealed.id), {
      'recording.sealed': 1,
      'recording.verified': 1,
      'recording.copied': 2,
      'recording.secured': 1,
    })
  }
})

t.test('with one backup down nothing is secured; when it is back it catches up unaided', async (t) => {
  await world.stack.stores['backup-b'].stop('at-once')
  const sealed = await sealRecording(world, randomBytes(1_000_000))
  await world.until(async () => (await copiesOf(world, sealed.id)).length === 2)
  await world.until(async () => {
    const job = await world.db.selectFrom('job').selectAll().where('id', '=', sealed.jobs.copy).executeTakeFirst()
    return job && job.attempts > 1
  })
  t.equal(await stateOf(sealed), 'sealed')
  t.match(await copiesOf(world, sealed.id), [{ store: 'backup-a', state: 'verified' }, { store: 'primary' }])
  await world.stack.stores['backup-b'].start()
  await secured(sealed)
  t.match((await copiesOf(world, sealed.id)).length, 3)
})

t.test('a worker that is asked to end puts its jobs back and ends with code 0', async (t) => {
  const sealed = await sealRecording(world, randomBytes(30 * 1024 * 1024))
  await workers.stop()
  t.notOk(workers.isRunning())
  await workers.start()
  await secured(sealed)
})
