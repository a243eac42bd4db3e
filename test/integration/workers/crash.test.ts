import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import t from 'tap'
import type { RecordingJob } from '../../../services/foundation/queue/jobs.ts'
import { sweepScratch } from '../../../workers/transcode.ts'
import { inFull } from '../../support/in-full.ts'
import { openWorld } from '../../support/world.ts'
import { clipMaker } from './clips.ts'
import { never, worldHandlers } from './handlers.ts'
import { killedAt } from './killed-at.ts'
import { copiesOf, eventsOf, jobRow, type Sealed, sealRecording } from './sealed.ts'

type Assertions = Pick<typeof t, 'match' | 'same' | 'equal' | 'ok'>

t.setTimeout(480_000)
const world = await openWorld(t, { movesClock: true })
const clip = await clipMaker(t)
/** How far a dead worker's leases are waited for, by moving the clock. */
const leaseMs = 16_000
const stepsMax = 120

async function checkChecksum(t: Assertions, sealed: Sealed): Promise<void> {
  t.match(await copiesOf(world, sealed.id), [{ store: 'primary', state: 'verified' }])
  t.same(await eventsOf(world, sealed.id), { 'recording.sealed': 1, 'recording.verified': 1 })
}

async function checkCopy(t: Assertions, sealed: Sealed): Promise<void> {
  const copies = await copiesOf(world, sealed.id)
  t.match(copies, [
    { store: 'backup-a', state: 'verified' },
    { store: 'backup-b', state: 'verified' },
    { state: 'stored' },
  ])
  t.same(await eventsOf(world, sealed.id), { 'recording.sealed': 1, 'recording.copied': 2 })
  for (const store of ['backup-a', 'backup-b'] as const) {
    const { versions } = await world.stores[store].versions('originals', sealed.object.key)
    t.equal(versions.length, 1, `${store}: what the dead run had written was adopted, never written twice`)
    const lock = await world.stores[store].lockState(versions[0]!)
    t.match(lock, { mode: 'COMPLIANCE', legalHold: true })
  }
}

async function checkTranscode(t: Assertions, sealed: Sealed): Promise<void> {
  const rows = await world.db.selectFrom('rendition').selectAll().where('recording_id', '=', sealed.id).execute()
  const states = rows.map(({ state }) => state).sort()
  t.match(states, states.length === 1 ? ['ready'] : ['abandoned', 'ready'])
  t.match(await eventsOf(world, sealed.id), { 'rendition.ready': 1, 'recording.damaged': undefined })
  const ready = rows.find(({ state }) => state === 'ready')!
  const files = await world.db.selectFrom('rendition_file').selectAll().where('rendition_id', '=', ready.id).execute()
  t.ok(['init', 'segment', 'thumbnail'].every((kind) => files.some((file) => file.kind === kind)))
}

const jobs: {
  name: RecordingJob
  source: () => Promise<string> | Buffer
  check: (t: Assertions, sealed: Sealed) => Promise<void>
  /** From one step at which it is killed to the next: of many steps that are alike each has its turn in full. */
  stride: number
}[] = [
  { name: 'checksum', source: () => randomBytes(100_000), check: checkChecksum, stride: 1 },
  { name: 'copy', source: () => randomBytes(300_000), check: checkCopy, stride: 3 },
  { name: 'transcode', source: () => clip('silent.mp4'), check: checkTranscode, stride: 5 },
]
for (const { name, source, check, stride } of jobs) {
  t.test(
    `promise 7: ${name}, killed at one step after the other, ends the same way when it is run again`,
    async (t) => {
      const handlers = await worldHandlers(t, world)
      let step = 1
      for (let wasKilled = true; wasKilled && step < stepsMax; step += inFull ? 1 : stride) {
        const sealed = await sealRecording(world, await source())
        wasKilled = await killedAt(world, step, { name, id: sealed.jobs[name] }, handlers.scratchDirectory)
        if (wasKilled) {
          // The queue gives the job to another worker; the dead one's lease has run out by then.
          world.clock.advance(leaseMs)
          await handlers[name](sealed.jobs[name], never)
        }
        t.match(await jobRow(world, sealed.jobs[name]), { state: 'done' }, `step ${step}`)
        await check(t, sealed)
        await sweepScratch(world.db, handlers.scratchDirectory, world.clock.now())
        t.same(await readdir(handlers.scratchDirectory), [], 'the scratch folder of the dead run is gone')
      }
      t.ok(step > 2 && step < stepsMax, `${step} steps`)
    },
  )
}
