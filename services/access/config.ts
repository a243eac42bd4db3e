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
  url,
} from '../foundation/config.ts'
import { logLevels } from '../foundation/log.ts'
import { policySetting } from '../ledger/witness/policy-setting.ts'

const minuteMs = 60_000

/** What the service for people is told. */
export const accessShape = {
  databaseUrl: secretUrl('DATABASE_URL', { protocols: ['postgres', 'postgresql'] }),
  databaseConnectionsMax: integer('DATABASE_CONNECTIONS_MAX', { min: 4, max: 200, fallback: 20 }),
  stores: storeShape,
  listen: listenAddress('ACCESS_LISTEN'),
  /** The address that browsers show: what the Origin header must say. */
  origin: url('ACCESS_ORIGIN'),
  tls: { cert: optional(text('ACCESS_TLS_CERT')), key: optional(secret('ACCESS_TLS_KEY')) },
  metrics: optional(listenAddress('METRICS_LISTEN')),
  logLevel: choice('LOG_LEVEL', logLevels, { fallback: 'info' }),
  session: {
    idleMs: integer('SESSION_IDLE_MS', { min: minuteMs, max: 24 * 60 * minuteMs, fallback: 30 * minuteMs }),
    totalMs: integer('SESSION_TOTAL_MS', { min: minuteMs, max: 24 * 60 * minuteMs, fallback: 10 * 60 * minuteMs }),
    failuresMax: integer('SIGN_IN_FAILURES_MAX', { min: 1, max: 100, fallback: 5 }),
    lockOutMs: integer('SIGN_IN_LOCK_OUT_MS', { min: minuteMs, max: 24 * 60 * minuteMs, fallback: 15 * minuteMs }),
  },
  requestsPerMinuteMax: integer('ACCESS_REQUESTS_PER_MINUTE_MAX', { min: 60, max: 1_000_000, fallback: 6000 }),
  signInsPerMinuteMax: integer('ACCESS_SIGN_INS_PER_MINUTE_MAX', { min: 5, max: 10_000, fallback: 60 }),
  ledger: {
    origin: text('LEDGER_ORIGIN'),
    verifierKey: optional(text('LEDGER_VERIFIER_KEY')),
    vrfPublicKey: optional(text('LEDGER_VRF_PUBLIC_KEY')),
    /** The log's keys, its witnesses and how many of them are enough; without it nothing has to be witnessed. */
    policy: optional(policySetting('LEDGER_POLICY')),
  },
  /** Digests of work cards and dock codes are made with it: the same as of ingest. */
  dockPassKey: optional(secret('DOCK_PASS_KEY')),
  /** A viewing that opens while the ledger's newest part was unwitnessed for longer than this is marked. */
  witnessAgeMsMax: integer('LEDGER_WITNESS_AGE_MAX_MS', {
    min: 1000,
    max: 24 * 60 * minuteMs,
    fallback: 10 * minuteMs,
  }),
}

export type AccessConfig = ConfigOf<typeof accessShape>

/** Reads the service's settings. @throws bad_config naming every problem at once. */
export function readAccessConfig(env: Environment): AccessConfig {
  return readConfig(env, accessShape)
}

/** Certificate and key, when both are given. */
export function tlsOf(config: AccessConfig): { cert: Buffer; key: Buffer } | null {
  const { cert, key } = config.tls
  return cert && key ? { cert: Buffer.from(cert), key: Buffer.from(key.reveal()) } : null
}
