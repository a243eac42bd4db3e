import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditTarget, environmentPrefix, type StackState, type StoreName, type StoreState } from './state.ts'

export function auditTarget(port: number, store: StoreName): AuditTarget {
  return { endpoint: `http://127.0.0.1:${port}/${store}`, token: randomBytes(24).toString('hex') }
}

/**
 * Writes the file that MinIO reads its audit webhook's settings from, as docker-compose.yml mounts one; returns its path.
 * What nobody takes yet waits below `queue`.
 */
export function writeAuditSettings(folder: string, { endpoint, token }: AuditTarget): string {
  const path = join(folder, 'audit.env')
  const settings = {
    ENABLE: 'on',
    ENDPOINT: endpoint,
    AUTH_TOKEN: `Bearer ${token}`,
    QUEUE_DIR: join(folder, 'audit-queue'),
    BATCH_SIZE: '100',
  }
  const lines = Object.entries(settings).map(([name, value]) => `MINIO_AUDIT_WEBHOOK_${name}_custody="${value}"\n`)
  writeFileSync(path, lines.join(''), { mode: 0o600 })
  return path
}

/**
 * What the parts `store-audit`, `reconcile` and `nightly` need beside a service's own variables. Null where a store was
 * given by address: its server is not ours to set up, and its silence would be an alarm.
 */
export function auditEnvironment(state: StackState): Record<string, string> | null {
  const stores = state.stores.filter(hasAudit)
  if (stores.length < 3) return null
  const environment: Record<string, string> = {
    STORE_AUDIT_LISTEN: `127.0.0.1:${state.auditPort}`,
    STORE_AUDIT_CREDENTIALS: stores.flatMap(credentialLines).join(' '),
  }
  for (const store of stores) {
    const prefix = environmentPrefix(store.name)
    environment[`${prefix}_AUDIT_TOKEN`] = store.own.audit.token
    environment[`AUDITOR_${prefix}_ACCESS_KEY`] = store.credentials.auditor.accessKey
    environment[`AUDITOR_${prefix}_SECRET_KEY`] = store.credentials.auditor.secretKey
  }
  return environment
}

function credentialLines({ root, credentials }: StoreState): string[] {
  const named = [['root', root] as const, ...Object.entries(credentials)]
  return named.map(([name, { accessKey }]) => `${createHash('sha256').update(accessKey).digest('hex')}=${name}`)
}

function hasAudit(store: StoreState): store is StoreState & { own: { audit: AuditTarget } } {
  return store.own !== undefined
}
