import {
  type ConfigOf,
  choice,
  type Environment,
  integer,
  listenAddress,
  optional,
  readConfig,
  secret,
  secretUrl,
  storeShape,
  text,
} from '../foundation/config.ts'
import { logLevels } from '../foundation/log.ts'
import { policySetting } from '../ledger/witness/policy-setting.ts'
import type { IngestSettings } from './deps.ts'

const mebibyte = 1024 * 1024
const gibibyte = 1024 * mebibyte
/** 9,000 parts of 64 MiB, which is what may be held as a tail. */
const uploadBytesLimit = 512 * gibibyte

/** What the service for docks is told. It knows the primary store only. */
export const ingestShape = {
  databaseUrl: secretUrl('DATABASE_URL', { protocols: ['postgres', 'postgresql'] }),
  databaseConnectionsMax: integer('DATABASE_CONNECTIONS_MAX', { min: 4, max: 200, fallback: 20 }),
  primary: storeShape.primary,
  buckets: storeShape.buckets,
  listen: listenAddress('INGEST_LISTEN'),
  tls: { cert: optional(text('INGEST_TLS_CERT')), key: optional(secret('INGEST_TLS_KEY')) },
  metrics: optional(listenAddress('METRICS_LISTEN')),
  logLevel: choice('LOG_LEVEL', logLevels, { fallback: 'info' }),
  uploadBytesMax: integer('UPLOAD_BYTES_MAX', { min: 1, max: uploadBytesLimit, fallback: uploadBytesLimit }),
  footageBytesMax: integer('FOOTAGE_BYTES_MAX', { min: 1, max: 40 * gibibyte, fallback: 4 * gibibyte }),
  // The stores sweep parts of unfinished uploads after 32 days (deploy/minio/Dockerfile).
  uploadIdleDays: integer('UPLOAD_IDLE_DAYS', { min: 1, max: 31, fallback: 30 }),
  digestWaitMinutes: integer('DIGEST_WAIT_MINUTES', { min: 0, max: 24 * 60, fallback: 15 }),
  lockFirstDays: integer('LOCK_FIRST_DAYS', { min: 1, max: 90, fallback: 30 }),
  /** Who witnesses the ledger; without it receipts stay provisional. */
  policy: optional(policySetting('LEDGER_POLICY')),
  /** Work cards and dock codes are looked up by digests that are made with it: the same as of access. */
  dockPassKey: optional(secret('DOCK_PASS_KEY')),
}

export type IngestConfig = ConfigOf<typeof ingestShape>

/** Reads the service's settings. @throws bad_config naming every problem at once. */
export function readIngestConfig(env: Environment): IngestConfig {
  return readConfig(env, ingestShape)
}

/** The settings that handlers work with. */
export function settingsOf(config: IngestConfig): IngestSettings {
  return {
    uploadBytesMax: config.uploadBytesMax,
    footageBytesMax: config.footageBytesMax,
    idleDays: config.uploadIdleDays,
    digestWaitMs: config.digestWaitMinutes * 60_000,
    lockFirstDays: config.lockFirstDays,
    hasWitnesses: config.policy?.needsWitnesses ?? false,
    dockPassKey: config.dockPassKey?.reveal() ?? null,
  }
}

/** Certificate and key, when both are given. */
export function tlsOf(config: IngestConfig): { cert: Buffer; key: Buffer } | null {
  const { cert, key } = config.tls
  return cert && key ? { cert: Buffer.from(cert), key: Buffer.from(key.reveal()) } : null
}
