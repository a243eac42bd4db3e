import { lockFirstDays } from '../services/custody/copies/object-lock.ts'
import {
  ageRecipient,
  type ConfigOf,
  choice,
  type Environment,
  integer,
  listenAddress,
  optional,
  readConfig,
  type StoresConfig,
  secret,
  secretUrl,
  storeShape,
  text,
} from '../services/foundation/config.ts'
import { Fault } from '../services/foundation/errors.ts'
import { logLevels } from '../services/foundation/log.ts'
import { storeNames } from '../services/foundation/store/store.ts'
import { authoritiesSetting } from '../services/ledger/authority/authorities.ts'
import { logKeysOfSetting } from '../services/ledger/format/log-keys.ts'
import { policySetting, requirePolicyOf } from '../services/ledger/witness/policy-setting.ts'
import { type ChecksConfig, readChecksConfig } from './checks-config.ts'
import type { PackageSettings } from './package/deps.ts'
import { readPackageSettings } from './package-config.ts'

/** What a workers process can be told to run, by name on its command line. */
export const parts = [
  'relay',
  'checksum',
  'copy',
  'transcode',
  'expire',
  'archive',
  'package',
  'witness',
  'timestamp',
  'receipt',
  'store-audit',
  'reconcile',
  'nightly',
] as const
export type Part = (typeof parts)[number]

const shape = {
  databaseUrl: secretUrl('DATABASE_URL', { protocols: ['postgres', 'postgresql'] }),
  redisUrl: secretUrl('REDIS_URL', { protocols: ['redis', 'rediss'] }),
  redisPrefix: text('REDIS_PREFIX', { fallback: 'custody' }),
  stores: storeShape,
  scratchDirectory: text('SCRATCH_DIR', { fallback: '/var/tmp/custody' }),
  metrics: optional(listenAddress('METRICS_LISTEN')),
  logLevel: choice('LOG_LEVEL', logLevels, { fallback: 'info' }),
}

const canaryFields = <P extends string>(prefix: P) => ({
  accessKey: secret(`CANARY_${prefix}_ACCESS_KEY`),
  secretKey: secret(`CANARY_${prefix}_SECRET_KEY`),
})
/** Keys that may delete below `canary/` and nothing else: only who copies needs them. */
const canaryShape = {
  primary: canaryFields('STORE_PRIMARY'),
  'backup-a': canaryFields('STORE_BACKUP_A'),
  'backup-b': canaryFields('STORE_BACKUP_B'),
}

/** Without a recovery key nobody could read the archive after the database is lost: the part does not start. */
const archiveShape = {
  origin: text('LEDGER_ORIGIN'),
  verifierKey: text('LEDGER_VERIFIER_KEY'),
  recoveryRecipient: ageRecipient('ARCHIVE_RECOVERY_RECIPIENT'),
  lockFirstDays: integer('LOCK_FIRST_DAYS', { min: 1, max: 90, fallback: lockFirstDays }),
}
export type ArchiveConfig = ConfigOf<typeof archiveShape>

/** Without a policy the log has no witnesses, and the part nothing to do. */
const witnessShape = { origin: text('LEDGER_ORIGIN'), policy: optional(policySetting('LEDGER_POLICY')) }
export type WitnessConfig = ConfigOf<typeof witnessShape>

/** Without authorities nobody is asked: orders wait. */
const timestampShape = {
  authorities: authoritiesSetting('TIMESTAMP_AUTHORITIES'),
  everyHours: integer('TIMESTAMP_EVERY_HOURS', { min: 1, max: 24 * 31, fallback: 24 }),
}
export type TimestampConfig = ConfigOf<typeof timestampShape>

export type WorkersConfig = ConfigOf<typeof shape> & {
  readonly checks: ChecksConfig
  readonly parts: ReadonlySet<Part>
  /** The stores with the canary's keys; null where nothing is copied. */
  readonly canaryStores: StoresConfig | null
  /** Null where nothing is archived. */
  readonly archive: ArchiveConfig | null
  /** Null where no packages are made. */
  readonly package: PackageSettings | null
  /** Null where no witness is asked. */
  readonly witness: WitnessConfig | null
  /** Null where no time-stamps are asked for. */
  readonly timestamp: TimestampConfig | null
}

/** Reads what to run (no names: everything) and the settings for it. @throws bad_config naming every problem */
export function readWorkersConfig(names: readonly string[], env: Environment): WorkersConfig {
  const chosen = partsOf(names)
  const archive = chosen.has('archive') ? readConfig(env, archiveShape) : null
  if (archive) logKeysOfSetting(archive.verifierKey, archive.origin)
  const witness = chosen.has('witness') ? readConfig(env, witnessShape) : null
  if (witness) requirePolicyOf(witness.origin, witness.policy)
  const timestamp = chosen.has('timestamp') ? readConfig(env, timestampShape) : null
  const chosenParts = {
    parts: chosen,
    archive,
    witness,
    timestamp,
    package: chosen.has('package') ? readPackageSettings(env) : null,
    checks: readChecksConfig(chosen, env),
  }
  if (!chosen.has('copy')) return { ...readConfig(env, shape), ...chosenParts, canaryStores: null }
  const { canary, ...config } = readConfig(env, { ...shape, canary: canaryShape })
  const keys = Object.fromEntries(storeNames.map((name) => [name, { ...config.stores[name], ...canary[name] }]))
  return { ...config, ...chosenParts, canaryStores: { ...config.stores, ...keys } }
}

function partsOf(names: readonly string[]): ReadonlySet<Part> {
  const unknown = names.filter((name) => !parts.some((part) => part === name))
  if (unknown.length > 0) {
    throw new Fault('bad_config', `workers: no part is called ${unknown.join(', ')}; there are ${parts.join(', ')}`)
  }
  return new Set(names.length === 0 ? parts : (names as readonly Part[]))
}
