// An archive process that is killed at one step: dying-archive.ts STEP. Steps are counted over everything that reaches the
// world outside: before each call of a store, before each transaction and after it. Ends with code 0 when all was archived
// before the step came.

import { systemClock } from '../../../services/foundation/clock.ts'
import { readStores } from '../../../services/foundation/config.ts'
import { openDatabase } from '../../../services/foundation/db/database.ts'
import { openLog } from '../../../services/foundation/log.ts'
import { openStores } from '../../../services/foundation/store/open.ts'
import { type Store, type Stores, storeNames } from '../../../services/foundation/store/store.ts'
import { closeBatch } from '../../../services/ledger/archive/close-batch.ts'
import { archiveNames } from '../../../services/ledger/archive/names.ts'
import { logKeysOfSetting } from '../../../services/ledger/format/log-keys.ts'
import { deliverNext } from '../../../workers/archive/deliver.ts'

const deadlyStep = Number(process.argv[2])
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

const log = openLog({ service: 'dying archive', level: 'silent' })
const real = openStores(readStores(process.env), log)
const stores = Object.fromEntries(storeNames.map((name) => [name, dying<Store>(real[name])])) as unknown as Stores
const database = openDatabase({
  url: process.env.DATABASE_URL!,
  applicationName: 'dying archive',
  connectionsMax: 4,
  onConnectionError: () => undefined,
})
const db = new Proxy(database, {
  get(object, property) {
    if (property === 'transaction') return () => dying(object.transaction(), true)
    const value: unknown = Reflect.get(object, property)
    return typeof value === 'function' ? value.bind(object) : value
  },
})
const names = archiveNames(process.env.LEDGER_ORIGIN!)
const recoveryRecipient = process.env.ARCHIVE_RECOVERY_RECIPIENT!
const logKeys = logKeysOfSetting(process.env.LEDGER_VERIFIER_KEY!, process.env.LEDGER_ORIGIN!)
const deps = { db, names, logKeys, recoveryRecipient, stores, clock: systemClock, log, lockFirstDays: 1 }
while (await closeBatch(deps, new Date(Date.now() + 30_000)));
for (const name of storeNames) while (await deliverNext(deps, stores[name], new AbortController().signal));
process.exit(0)
