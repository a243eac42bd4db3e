import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { inherited } from '../../../deploy/local/system/inherited.ts'
import { inFull } from '../../support/in-full.ts'
import {
  fileOf,
  kindsOf,
  never,
  objectsOf,
  orderPackage,
  packageHandler,
  populatedWorld,
  rowFindings,
  rowOf,
} from './making.ts'
import { findingsOfPackage } from './verdict.ts'

t.setTimeout(480_000)
const program = fileURLToPath(new URL('dying-package.ts', import.meta.url))
/** How far a dead worker's lease is waited for, by moving the clock. */
const leaseMs = 16_000
/** As dying-package.ts says it. */
const leaseLost = 3
const stepsMax = 40
/** From one step to the next. */
const stride = inFull ? 1 : 3

t.test(
  'promise 7: killed at one step after the other, the package ends the same way when it is run again',
  async (t) => {
    const { world, populated, trust } = await populatedWorld(t, { movesClock: true })
    const handler = packageHandler(world)
    let step = 1
    for (let wasKilled = true; wasKilled && step < stepsMax; step += stride) {
      const { id, jobId } = await orderPackage(world, populated)
      const child = spawn(process.execPath, [program, jobId, String(step)], {
        env: {
          ...inherited(),
          ...world.environmentFor('package'),
          CLOCK_OFFSET_MS: String(world.clock.now().getTime() - Date.now()),
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
      // A process that was not given a processor in time may have lost its lease: it has left its work as a dead one does.
      wasKilled = signal === 'SIGKILL' || code === leaseLost
      t.ok(wasKilled || code === 0, `step ${step}`)
      if (wasKilled) {
        world.clock.advance(leaseMs)
        await handler(jobId, never)
      }
      const row = await rowOf(world, id)
      t.match(row, { state: 'ready', multipart_id: null })
      t.same(await objectsOf(world, id), [row.version_id], 'what the dead run left is gone')
      const kinds = await kindsOf(world, id)
      // A run that died after it had entered the contents is followed by one with an event of its own.
      const entered = kinds.filter((kind) => kind === 'package.contents').length
      t.ok(entered === 1 || (entered === 2 && wasKilled), `${entered} times entered`)
      const contents = Array.from({ length: entered }, () => 'package.contents')
      t.same(kinds, ['package.requested', 'package.signed', ...contents, 'package.built'])
      if (!wasKilled || entered === 2)
        t.match(await findingsOfPackage(await fileOf(world, id), trust), { accepted: true })
    }
    t.ok(step > 5 && step < stepsMax, `${step} steps`)
    t.same(await rowFindings(world), [])
  },
)
