import type { Clock } from '../../foundation/clock.ts'
import type { Db } from '../../foundation/db/database.ts'
import type { Logger } from '../../foundation/log.ts'
import { type Stores, storeNames } from '../../foundation/store/store.ts'
import type { LogKeys } from '../format/log-keys.ts'
import type { Policy } from '../format/policy.ts'
import { witnessesOf } from '../format/witnesses.ts'
import type { Memory } from './memory.ts'
import { storeMemory } from './store-memory.ts'
import { witnessMemory } from './witness-memory.ts'

/** Everybody who remembers what the log signed and can be asked: the three stores and each witness with an address. */
export function memoriesOf(
  deps: { db: Db; stores: Stores; clock: Clock; log: Logger; keys: LogKeys },
  policy: Policy | null,
): Memory[] {
  const witnesses = policy === null ? [] : witnessesOf(policy)
  return [
    ...storeNames.map((name) => storeMemory({ store: deps.stores[name], keys: deps.keys, log: deps.log })),
    ...witnesses.flatMap((witness) => {
      const { url } = witness
      return url === null ? [] : [witnessMemory(deps, { ...witness, url })]
    }),
  ]
}
