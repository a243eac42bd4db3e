import type { NightlyPlan } from '../services/custody/fsck/nightly.ts'
import {
  type ConfigOf,
  type Environment,
  type Field,
  integer,
  listenAddress,
  readConfig,
  type StoresConfig,
  secret,
  storeShape,
  text,
} from '../services/foundation/config.ts'
import { storeNames } from '../services/foundation/store/store.ts'

/** Settings of the parts that check what others did: reports of the stores, their reconciliation, the nightly check. */
const auditShape = {
  listen: listenAddress('STORE_AUDIT_LISTEN'),
  tokens: {
    primary: secret('STORE_PRIMARY_AUDIT_TOKEN'),
    'backup-a': secret('STORE_BACKUP_A_AUDIT_TOKEN'),
    'backup-b': secret('STORE_BACKUP_B_AUDIT_TOKEN'),
  },
  credentials: credentialsByDigest('STORE_AUDIT_CREDENTIALS'),
  buckets: storeShape.buckets,
}

const reconcileShape = { graceSeconds: integer('RECONCILE_GRACE_SECONDS', { min: 1, max: 86_400, fallback: 300 }) }

const auditorFields = <P extends string>(prefix: P) => ({
  accessKey: secret(`AUDITOR_${prefix}_ACCESS_KEY`),
  secretKey: secret(`AUDITOR_${prefix}_SECRET_KEY`),
})
const nightlyShape = {
  at: timeOfDay('NIGHTLY_AT', { hour: 2, minute: 0 }),
  timeZone: timeZone('NIGHTLY_TIME_ZONE', 'Asia/Shanghai'),
  parts: integer('NIGHTLY_OBJECT_NIGHTS', { min: 1, max: 366, fallback: 30 }),
  verifierKey: text('LEDGER_VERIFIER_KEY'),
  vrfPublicKey: text('LEDGER_VRF_PUBLIC_KEY'),
  stores: storeShape,
  auditor: {
    primary: auditorFields('STORE_PRIMARY'),
    'backup-a': auditorFields('STORE_BACKUP_A'),
    'backup-b': auditorFields('STORE_BACKUP_B'),
  },
}

export interface ChecksConfig {
  /** Each null where its part does not run. */
  readonly audit: ConfigOf<typeof auditShape> | null
  readonly reconcile: { readonly graceMs: number } | null
  readonly nightly: NightlyConfig | null
}

export interface NightlyConfig {
  readonly plan: NightlyPlan
  readonly verifierKey: string
  readonly vrfPublicKey: string
  /** With the auditor's keys. */
  readonly stores: StoresConfig
}

/** Reads the settings of those of the parts that are to run. @throws bad_config */
export function readChecksConfig(parts: ReadonlySet<string>, env: Environment): ChecksConfig {
  return {
    audit: parts.has('store-audit') ? readConfig(env, auditShape) : null,
    reconcile: parts.has('reconcile') ? { graceMs: readConfig(env, reconcileShape).graceSeconds * 1000 } : null,
    nightly: parts.has('nightly') ? nightlyOf(env) : null,
  }
}

function nightlyOf(env: Environment): NightlyConfig {
  const { at, timeZone, parts, auditor, stores, ...keys } = readConfig(env, nightlyShape)
  const withKeys = Object.fromEntries(storeNames.map((name) => [name, { ...stores[name], ...auditor[name] }]))
  return { plan: { ...at, timeZone, parts }, ...keys, stores: { ...stores, ...withKeys } }
}

/**
 * `<SHA-256 of an access key, hex>=<credential>` with blanks or line breaks between: key ids are secrets, so whoever reads
 * the reports is given their digests only.
 */
function credentialsByDigest(variable: string): Field<ReadonlyMap<string, string>> {
  const list = text(variable)
  return {
    variable,
    read(env) {
      const reading = list.read(env)
      if ('problems' in reading) return reading
      const entries = reading.value.split(/\s+/).filter((entry) => entry !== '')
      const wrong = entries.findIndex((entry) => !/^[0-9a-f]{64}=[a-z]+$/.test(entry))
      if (wrong >= 0) return { problems: [`${variable}: entry ${wrong + 1} is not <SHA-256 in hex>=<credential>`] }
      return { value: new Map(entries.map((entry) => entry.split('=') as [string, string])) }
    },
  }
}

function timeOfDay(
  variable: string,
  fallback: { hour: number; minute: number },
): Field<{ hour: number; minute: number }> {
  return parsed<{ hour: number; minute: number }>(
    variable,
    `${fallback.hour}:${String(fallback.minute).padStart(2, '0')}`,
    (raw) => {
      const match = /^(\d{1,2}):(\d{2})$/.exec(raw)
      const [hour, minute] = [Number(match?.[1]), Number(match?.[2])]
      if (hour <= 23 && minute <= 59) return { value: { hour, minute } }
      return { problems: [`${variable}: not a time of day, HH:MM: '${raw}'`] }
    },
  )
}

function timeZone(variable: string, fallback: string): Field<string> {
  return parsed<string>(variable, fallback, (raw) => {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: raw })
      return { value: raw }
    } catch {
      return { problems: [`${variable}: not a time zone such as Asia/Shanghai: '${raw}'`] }
    }
  })
}

function parsed<T>(
  variable: string,
  fallback: string,
  parse: (raw: string) => { value: T } | { problems: string[] },
): Field<T> {
  return {
    variable,
    read(env) {
      const reading = text(variable, { fallback }).read(env)
      return 'problems' in reading ? reading : parse(reading.value)
    },
  }
}
