import type { Db } from '../../foundation/db/database.ts'
import { vrfProve } from '../vrf.ts'

/** A subject's secret (VRF output) with its proof: whoever is given it finds all of the subject's events. */
export interface SubjectSecret {
  readonly subject: string
  readonly secret: Buffer
  readonly proof: Buffer
  /** True when this sequencer computed it and the database may not have it yet. */
  readonly fresh: boolean
}

/** The log's VRF key and the secrets it has already worked out. */
export interface SecretSource {
  readonly vrfSecretKey: Uint8Array
  readonly known: Map<string, SubjectSecret>
}

const knownMax = 50_000

/** A source with an empty memory. One VRF proof costs about a millisecond, so a hot subject's is kept. */
export function openSecretSource(vrfSecretKey: Uint8Array): SecretSource {
  return { vrfSecretKey, known: new Map() }
}

/** The secrets of `subjects`: remembered, read from the database, or computed (C2SP vrf-r255 over `type:id`). */
export async function secretsOf(
  db: Db,
  source: SecretSource,
  subjects: ReadonlySet<string>,
): Promise<Map<string, SubjectSecret>> {
  const missing = [...subjects].filter((subject) => !source.known.has(subject))
  const stored = missing.length === 0 ? [] : await storedSecrets(db, missing)
  if (source.known.size + missing.length > knownMax) source.known.clear()
  const found = new Map<string, SubjectSecret>()
  for (const row of stored) source.known.set(row.subject, { ...row, fresh: false })
  for (const subject of subjects) {
    const known = source.known.get(subject)
    const secret = known ?? computed(source, subject)
    // Kept as fresh until a batch with it is committed: the insert ignores what is already there.
    if (!known) source.known.set(subject, secret)
    found.set(subject, secret)
  }
  return found
}

/** Called after a batch is committed: its secrets are in the database now. */
export function markStored(source: SecretSource): void {
  for (const [subject, secret] of source.known) {
    if (secret.fresh) source.known.set(subject, { ...secret, fresh: false })
  }
}

function storedSecrets(db: Db, subjects: string[]): Promise<Omit<SubjectSecret, 'fresh'>[]> {
  return db
    .selectFrom('subject_secret')
    .select(['subject', 'secret', 'proof'])
    .where('subject', 'in', subjects)
    .execute()
}

function computed(source: SecretSource, subject: string): SubjectSecret {
  const { output, proof } = vrfProve(source.vrfSecretKey, Buffer.from(subject, 'utf8'))
  return { subject, secret: Buffer.from(output), proof: Buffer.from(proof), fresh: true }
}
