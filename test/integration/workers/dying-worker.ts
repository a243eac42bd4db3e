// A worker process that runs one job and is killed at one step: dying-worker.ts JOB JOB_ID STEP. Steps are counted over
// everything that reaches the world outside: before each call of a store (after it is before the next), before each
// transaction and after it. Ends with code 0 when the job was done before the step came.

import { readStores } from '../../../services/foundation/config.ts'
import type { Db } from '../../../services/foundation/db/database.ts'
import { openDatabase } from '../../../services/foundation/db/database.ts'
import { openLog } from '../../../services/foundation/log.ts'
import type { RecordingJob } from '../../../services/foundation/queue/jobs.ts'
import { openStores } from '../../../services/foundation/store/open.ts'
import { type Store, type Stores, storeNames } from '../../../services/foundation/store/store.ts'
import { handlersOf } from './handlers.ts'

const [name = '', jobId = '', stepText = ''] = process.argv.slice(2)
const deadlyStep = Number(stepText)
let steps = 0

function step(): void {
  steps += 1
  if (steps === deadlyStep) process.kill(process.pid, 'SIGKILL')
}

function dying<T extends object>(target: T, alsoAfter = false): T {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        step()
        const result: unknown = await value.apply(object, args)
        if (alsoAfter) step()
        return result
      }
    },
  })
}

function dyingDb(db: Db): Db {
  return new Proxy(db, {
    get(object, property) {
      if (property === 'transaction') return () => dying(object.transaction(), true)
      const value: unknown = Reflect.get(object, property)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}

const log = openLog({ service: 'dying worker', level: 'silent' })
const real = openStores(readStores(process.env), log)
const stores = Object.fromEntries(storeNames.map((store) => [store, dying<Store>(real[store])])) as unknown as Stores
const db = openDatabase({
  url: process.env.DATABASE_URL!,
  applicationName: 'dying worker',
  connectionsMax: 4,
  onConnectionError: () => undefined,
})
const offsetMs = Number(process.env.CLOCK_OFFSET_MS)
const clock = { now: () => new Date(Date.now() + offsetMs) }
const handlers = handlersOf({ db: dyingDb(db), clock, log, stores, scratchDirectory: process.env.SCRATCH_DIR! })
await handlers[name as RecordingJob](jobId, new AbortController().signal)
process.exit(0)
