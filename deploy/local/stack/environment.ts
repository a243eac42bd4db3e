import { Fault } from '../../../services/foundation/errors.ts'
import { postgresUrl } from './postgres.ts'
import { type CredentialName, environmentPrefix, type RoleName, type StackState } from './state.ts'

/** Which database role and which store credential a service works with. */
const services = {
  ingest: { role: 'ingest', credential: 'ingest' },
  access: { role: 'access', credential: 'access' },
  worker: { role: 'worker', credential: 'worker' },
  transcode: { role: 'worker', credential: 'transcode' },
  sequencer: { role: 'sequencer', credential: 'sequencer' },
  archive: { role: 'worker', credential: 'archive' },
  package: { role: 'worker', credential: 'package' },
  canary: { role: 'worker', credential: 'canary' },
  disposal: { role: 'worker', credential: 'disposal' },
  /** `custody` on the command line: the owner's role (migrate, setup), and an auditor's eyes on the stores (fsck). */
  cli: { role: 'owner', credential: 'auditor' },
} as const satisfies Record<string, { role: RoleName; credential: CredentialName }>

export type ServiceName = keyof typeof services

/**
 * The variables every service reads to find its servers, with that service's own role and keys. Keys are given for all
 * three stores; those without a policy in deploy/store/policies for a store open nothing there.
 */
export function environmentFor(state: StackState, service: ServiceName): Record<string, string> {
  const row = services[service]
  if (!row) throw new Fault('bad_config', `no service is called ${service}`)
  const environment: Record<string, string> = {
    STORE_BUCKET_ORIGINALS: state.buckets.originals,
    STORE_BUCKET_DERIVED: state.buckets.derived,
    STORE_BUCKET_TAILS: state.buckets.tails,
  }
  if (state.postgres) environment.DATABASE_URL = postgresUrl(state.postgres, row.role)
  if (state.redis) environment.REDIS_URL = state.redis.url
  for (const store of state.stores) {
    const prefix = environmentPrefix(store.name)
    environment[`${prefix}_ENDPOINT`] = store.endpoint
    environment[`${prefix}_HOST_NAME`] = store.hostName
    environment[`${prefix}_ACCESS_KEY`] = store.credentials[row.credential].accessKey
    environment[`${prefix}_SECRET_KEY`] = store.credentials[row.credential].secretKey
  }
  return environment
}
