import { buffer } from 'node:stream/consumers'
import { Fault, isFault } from '../../foundation/errors.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'
import { type ArchiveNames, parseArchiveName } from '../archive/names.ts'

export interface StoredBatch {
  readonly first: number
  readonly count: number
}

/** What one store holds of the ledger, by name; nothing of it is believed yet. */
export interface Inventory {
  readonly store: Store
  readonly names: ArchiveNames
  /** By key: the version that is read. */
  readonly objects: ReadonlyMap<string, ObjectInfo>
  /** Batches that follow each other without a gap as far as they go, first to last. */
  readonly batches: readonly StoredBatch[]
  /** Sizes of the stored checkpoints, ascending. */
  readonly checkpoints: readonly number[]
  /** What is odd and does not hinder: further versions, delete markers, strange names. */
  readonly notices: readonly string[]
}

/** Lists the ledger's objects of a store. @throws store_down; not_found when it has none */
export async function takeInventory(store: Store, names: ArchiveNames): Promise<Inventory> {
  const objects = new Map<string, ObjectInfo>()
  const notices: string[] = []
  const batches: StoredBatch[] = []
  const checkpoints: number[] = []
  for await (const { deleteMarker, ...object } of store.list('originals', names.prefix)) {
    if (deleteMarker) notices.push(`a delete marker lies over ${object.key}`)
    if (deleteMarker) continue
    const known = objects.get(object.key)
    if (known)
      notices.push(`${object.key} has more than one version: the oldest is read, which is the one that was locked`)
    if (known && known.lastModified <= object.lastModified) continue
    objects.set(object.key, object)
    if (known) continue
    try {
      const named = parseArchiveName(names, object.key)
      if (named.kind === 'events') batches.push({ first: named.first, count: named.count })
      if (named.kind === 'checkpoint') checkpoints.push(named.size)
    } catch (error) {
      if (!isFault(error, 'malformed')) throw error
      notices.push(error.message)
    }
  }
  if (batches.length === 0) {
    throw new Fault('not_found', `${store.name} holds no archived events of this ledger (${names.prefix}events/)`)
  }
  checkpoints.sort((a, b) => a - b)
  return { store, names, objects, notices, checkpoints, batches: chainOf(batches, store.name) }
}

/**
 * The batches in their order. Two that begin alike are of a database that was put back while the archive went on: the
 * longer one is taken, and the signed tree decides whether it is true.
 *
 * @throws unproven naming the leaves that no batch holds
 */
function chainOf(batches: StoredBatch[], store: string): StoredBatch[] {
  batches.sort((a, b) => a.first - b.first || b.count - a.count)
  const chain: StoredBatch[] = []
  let next = 0
  for (const batch of batches) {
    if (batch.first + batch.count <= next) continue
    if (batch.first > next) {
      throw new Fault('unproven', `${store} holds no batch with the events of leaves ${next} to ${batch.first - 1}`)
    }
    chain.push(batch)
    next = batch.first + batch.count
  }
  return chain
}

/** Reads an object whole. @throws unproven when the store has no such name */
export async function readObject(inventory: Inventory, key: string): Promise<Buffer> {
  const object = inventory.objects.get(key)
  if (!object) throw new Fault('unproven', `${inventory.store.name} does not hold ${key}`)
  return buffer(await inventory.store.get(object))
}

/** Does `read` with what stands under `key`; what is wrong with it is named with store and key. */
export async function reading<T>(inventory: Inventory, key: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isFault(error, 'malformed') && !isFault(error, 'unproven')) throw error
    throw new Fault('unproven', `${inventory.store.name}, ${key}: ${error.message}`, { cause: error })
  }
}
