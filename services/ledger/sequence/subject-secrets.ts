import type { Db } from '../../foundation/db/database.ts'
import { vrfProve } from '../vrf.ts'

/** A subject's secret (VRF output) with its proof: whoever is given it finds all of the subject's events. */
export interface SubjectSecret {
  readonly subject: string
  readonly secret: Buffer
  readonly proof: Buffer
}

/** The log's VRF key and the secrets it has already worked out. */
export interface SecretSource {
  readonly vrfSecretKey: Uint8Array
  readonly known: Map<string, SubjectSecret>
}

/** The secrets a batch of events needs, and those among them that the database does not have yet. */
export interface BatchSecrets<E> {
  readonly events: readonly E[]
  readonly all: ReadonlyMap<string, SubjectSecret>
  readonly fresh: readonly SubjectSecret[]
}

/** A VRF proof costs some milliseconds; more new subjects than this in one batch would hold the checkpoint up. */
const freshMax = 24
const knownMax = 50_000

/** A source with an empty memory. */
export function openSecretSource(vrfSecretKey: Uint8Array): SecretSource {
  return { vrfSecretKey, known: new Map() }
}

/**
 * The secrets of the events' subjects: remembered, read from the database, or computed (C2SP vrf-r255 over `type:id`).
 * Takes only as many of the events, from the first on, as have few enough new subjects; always at least one.
 */
export async function secretsOf<E extends { readonly subjects: readonly string[] }>(
  db: Db,
  source: SecretSource,
  events: readonly E[],
): Promise<BatchSecrets<E>> {
  if (source.known.size > knownMax) source.known.clear()
  await rememberStored(db, source, new Set(events.flatMap((event) => event.subjects)))
  const all = new Map<string, SubjectSecret>()
  const fresh: SubjectSecret[] = []
  const taken: E[] = []
  for (const event of events) {
    const unknown = event.subjects.filter((subject) => !source.known.has(subject) && !all.has(subject))
    if (taken.length > 0 && fresh.length + unknown.length > freshMax) break
    fresh.push(...unknown.map((subject) => computed(source, subject)))
    for (const secret of fresh.slice(fresh.length - unknown.length)) all.set(secret.subject, secret)
    for (const subject of event.subjects) all.set(subject, all.get(subject) ?? source.known.get(subject)!)
    taken.push(event)
  }
  return { events: taken, all, fresh }
}

/** Called after the batch is committed: what was fresh is in the database now. */
export function rememberFresh(source: SecretSource, fresh: readonly SubjectSecret[]): void {
  for (const secret of fresh) source.known.set(secret.subject, secret)
}

async function rememberStored(db: Db, source: SecretSource, subjects: ReadonlySet<string>): Promise<void> {
  const missing = [...subjects].filter((subject) => !source.known.has(subject))
  if (missing.length === 0) return
  const rows = await db
    .selectFrom('subject_secret')
    .select(['subject', 'secret', 'proof'])
    .where('subject', 'in', missing)
    .execute()
  for (const row of rows) source.known.set(row.subject, row)
}

function computed(source: SecretSource, subject: string): SubjectSecret {
  const { output, proof } = vrfProve(source.vrfSecretKey, Buffer.from(subject, 'utf8'))
  return { subject, secret: Buffer.from(output), proof: Buffer.from(proof) }
}
