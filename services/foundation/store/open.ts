import type { StoresConfig } from '../config.ts'
import type { Logger } from '../log.ts'
import { openMinioStore } from './minio.ts'
import { type StoreName, type Stores, storeNames } from './store.ts'

/** Opens the three stores; `closeStores` ends their connections. None of them is asked anything yet. */
export function openStores(config: StoresConfig, log: Logger): Stores {
  const open = (name: StoreName) => openMinioStore({ name, ...config[name], buckets: config.buckets, log })
  return { primary: open('primary'), 'backup-a': open('backup-a'), 'backup-b': open('backup-b') }
}

export async function closeStores(stores: Stores): Promise<void> {
  await Promise.all(storeNames.map((name) => stores[name].close()))
}
