import {
  type ConfigOf,
  choice,
  listenAddress,
  optional,
  secretUrl,
  storeShape,
  text,
} from '../services/foundation/config.ts'
import { logLevels } from '../services/foundation/log.ts'

/** The settings of every process below workers/, the sequencer included. */
export const processShape = {
  databaseUrl: secretUrl('DATABASE_URL', { protocols: ['postgres', 'postgresql'] }),
  stores: storeShape,
  metrics: optional(listenAddress('METRICS_LISTEN')),
  logLevel: choice('LOG_LEVEL', logLevels, { fallback: 'info' }),
}

/** The settings that all parts of a workers process share; each part adds its own. */
export const sharedShape = {
  ...processShape,
  redisUrl: secretUrl('REDIS_URL', { protocols: ['redis', 'rediss'] }),
  redisPrefix: text('REDIS_PREFIX', { fallback: 'custody' }),
}
export type SharedConfig = ConfigOf<typeof sharedShape>
