import { type Field, listenAddress, secret, text } from '../../services/foundation/config.ts'
import { part } from '../part.ts'
import { startStoreAudit } from '../store-audit.ts'

/** Several processes may listen: each report is kept once, whichever of them takes it. */
export const storeAuditPart = part({
  name: 'store-audit',
  shape: {
    listen: listenAddress('STORE_AUDIT_LISTEN'),
    tokens: {
      primary: secret('STORE_PRIMARY_AUDIT_TOKEN'),
      'backup-a': secret('STORE_BACKUP_A_AUDIT_TOKEN'),
      'backup-b': secret('STORE_BACKUP_B_AUDIT_TOKEN'),
    },
    credentials: credentialsByDigest('STORE_AUDIT_CREDENTIALS'),
  },
  async start({ db, clock, log, config }, { listen, tokens, credentials }) {
    const reading = { buckets: config.stores.buckets, credentials }
    const receiver = await startStoreAudit({ db, clock, log, listen, tokens, reading })
    return { ready: () => ({}), close: () => receiver.close() }
  },
})

/**
 * `<SHA-256 of an access key, hex>=<credential>`, separated by spaces or line breaks: key ids are secrets, so whoever reads
 * the reports is given only their digests.
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
