import { isFault } from '../../foundation/errors.ts'
import type { Logger } from '../../foundation/log.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'
import { archiveNames } from '../archive/names.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { malformed } from '../format/strict.ts'
import type { Head } from '../log/head.ts'
import type { Memory } from './memory.ts'

/** A note has a few thousand bytes; what is longer is none. */
const noteBytesMax = 1_000_000
/** A thousand names at most are one page of a store's list. */
const listedDigits = 3

/**
 * The newest checkpoint among a store's objects `ledger/<logId>/checkpoint/<size>`, in all its versions. Objects that the log
 * did not sign, or that lie under another size, are named in the log file and passed over: whoever may write there could
 * else stop the office, or hide a newer one behind an older.
 */
export function storeMemory(deps: { store: Store; keys: LogKeys; log: Logger }): Memory {
  const { store } = deps
  return {
    name: `the store ${store.name}`,
    recall: async (signal) => {
      const newest: Head[] = []
      for await (const object of newestFirst(store, `${archiveNames(deps.keys.origin).prefix}checkpoint/`, 16)) {
        signal.throwIfAborted()
        const isOlder =
          newest[0] !== undefined && object.key !== archiveNames(deps.keys.origin).checkpoint(newest[0].size)
        if (isOlder) break
        const head = await signedHead(deps, object, signal)
        if (head !== null) newest.push(head)
      }
      return newest
    },
  }
}

/**
 * Every version of every checkpoint, the largest name first. A delete marker hides nothing. A store lists names upwards only,
 * and years of checkpoints are hundreds of thousands: so the largest is looked for digit by digit.
 *
 * @param digitsLeft of the sixteen that each name has
 */
async function* newestFirst(store: Store, prefix: string, digitsLeft: number): AsyncGenerator<ObjectInfo> {
  if (digitsLeft > listedDigits) {
    const prefixes = [...'9876543210'].map((digit) => prefix + digit)
    const present = await Promise.all(prefixes.map((longer) => hasAny(store, longer)))
    for (const [n, longer] of prefixes.entries()) if (present[n]) yield* newestFirst(store, longer, digitsLeft - 1)
    return
  }
  const objects: ObjectInfo[] = []
  for await (const object of store.list('originals', prefix)) if (!object.deleteMarker) objects.push(object)
  yield* objects.sort((one, other) => (one.key < other.key ? 1 : one.key > other.key ? -1 : 0))
}

async function hasAny(store: Store, prefix: string): Promise<boolean> {
  for await (const _ of store.list('originals', prefix)) return true
  return false
}

async function signedHead(
  { store, keys, log }: { store: Store; keys: LogKeys; log: Logger },
  object: ObjectInfo,
  signal: AbortSignal,
): Promise<Head | null> {
  try {
    const note = await readNote(store, object, signal)
    const { size, root } = openCheckpoint(note, keys)
    if (object.key === archiveNames(keys.origin).checkpoint(size)) return { size, root }
    throw malformed(`it is the checkpoint of ${size} events`)
  } catch (error) {
    if (!isFault(error, 'malformed') && !isFault(error, 'unproven')) throw error
    log.warn(
      { err: error, store: store.name, key: object.key, versionId: object.versionId },
      'this object is not the checkpoint of the log that its name says: it is passed over',
    )
    return null
  }
}

async function readNote(store: Store, object: ObjectInfo, signal: AbortSignal): Promise<string> {
  if (object.bytes > noteBytesMax) throw malformed(`${object.key} has ${object.bytes} bytes`)
  const chunks: Buffer[] = []
  for await (const chunk of await store.get(object, { signal })) chunks.push(chunk as Buffer)
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(Buffer.concat(chunks))
}
