// A worker process that builds one package and is killed at one step: dying-package.ts JOB_ID STEP. Steps are counted over
// what reaches the world outside: before each writing call of the primary and before and after each transaction. Ends with
// code 0 when the package was done before the step came, and with 3 when it lost its lease first.

import { readStores } from '../../../services/foundation/config.ts'
import { type Db, openDatabase } from '../../../services/foundation/db/database.ts'
import { isFault } from '../../../services/foundation/errors.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { openStores } from '../../../services/foundation/store/open.ts'
import { buildPackage } from '../../../workers/package.ts'
import { jobHandler } from '../../../workers/run.ts'

const [jobId = '', stepText = ''] = process.argv.slice(2)
let steps = 0

function step(): void {
  steps += 1
  if (steps === Number(stepText)) process.kill(process.pid, 'SIGKILL')
}

/** Counts calls of these functions as steps, before and after. */
function dying<T extends object>(target: T, names: readonly string[]): T {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property)
      if (typeof value !== 'function') return value
      if (!names.includes(String(property))) return value.bind(object)
      return async (...args: unknown[]) => {
        step()
        const result: unknown = await value.apply(object, args)
        step()
        return result
      }
    },
  })
}

const log = openLog({ service: 'dying worker', level: 'silent' })
const real = openStores(readStores(process.env), log)
const writes = ['startMultipart', 'putPart', 'completeMultipart', 'abortMultipart', 'remove']
const db = openDatabase({
  url: process.env.DATABASE_URL!,
  applicationName: 'dying worker',
  connectionsMax: 4,
  onConnectionError: () => undefined,
})
const dyingDb = new Proxy(db, {
  get(object, property) {
    if (property === 'transaction') return () => dying(object.transaction(), ['execute'])
    const value: unknown = Reflect.get(object, property)
    return typeof value === 'function' ? value.bind(object) : value
  },
}) as Db
const offsetMs = Number(process.env.CLOCK_OFFSET_MS)
const deps = {
  db: dyingDb,
  clock: { now: () => new Date(Date.now() + offsetMs) },
  log,
  stores: { ...real, primary: dying(real.primary, writes) },
  settings: { keepDays: 15, witnessWaitMs: 0, verifierDirectory: null },
}
const handler = jobHandler(deps, 'package', (job, signal) => buildPackage(deps, job, signal))
try {
  await handler(jobId, new AbortController().signal)
  process.exit(0)
} catch (error) {
  if (!isFault(error, 'locked')) throw error
  process.exit(3)
}
