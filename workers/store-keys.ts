import { type ConfigOf, type StoresConfig, secret } from '../services/foundation/config.ts'

const keyFields = (prefix: string) => ({
  accessKey: secret(`${prefix}_ACCESS_KEY`),
  secretKey: secret(`${prefix}_SECRET_KEY`),
})

/** The settings for a second credential on each store, such as CANARY_STORE_PRIMARY_ACCESS_KEY. */
export const storeKeysShape = (credential: 'CANARY' | 'AUDITOR') => ({
  primary: keyFields(`${credential}_STORE_PRIMARY`),
  'backup-a': keyFields(`${credential}_STORE_BACKUP_A`),
  'backup-b': keyFields(`${credential}_STORE_BACKUP_B`),
})

/** The same stores, opened with that credential. */
export function withKeys(stores: StoresConfig, keys: ConfigOf<ReturnType<typeof storeKeysShape>>): StoresConfig {
  return {
    ...stores,
    primary: { ...stores.primary, ...keys.primary },
    'backup-a': { ...stores['backup-a'], ...keys['backup-a'] },
    'backup-b': { ...stores['backup-b'], ...keys['backup-b'] },
  }
}
