import { buffer } from 'node:stream/consumers'
import { Fault } from '../../foundation/errors.ts'
import type { ObjectInfo, Store } from '../../foundation/store/store.ts'
import { unwrapKeys } from './keys-file.ts'
import { type ArchiveNames, parseArchiveName } from './names.ts'

/**
 * Proves that an identity is the bureau's recovery key: it opens the keys of the newest batch that the store holds.
 *
 * @throws conflict when nothing was archived yet; unproven when it does not open them; store_down
 */
export async function proveRecoveryKey(
  store: Pick<Store, 'list' | 'get' | 'name'>,
  names: ArchiveNames,
  identity: string,
): Promise<void> {
  let newest: ObjectInfo | null = null
  // The order of names is the order of batches.
  for await (const object of store.list('originals', `${names.prefix}keys/`)) {
    if (!object.deleteMarker) newest = object
  }
  if (!newest)
    throw new Fault('conflict', `${store.name} holds no archive of this ledger: no key can be compared with it`)
  const named = parseArchiveName(names, newest.key)
  if (named.kind !== 'keys') throw new Fault('unproven', `${newest.key} is not the keys of a batch`)
  const { key, versionId } = newest
  const bytes = await buffer(await store.get({ bucket: 'originals', key, versionId }))
  await unwrapKeys({ logId: names.logId, first: named.first, count: named.count }, bytes, identity)
}
