import { vrfProve } from '../../format/vrf.ts'

/** A subject's secret (VRF output) with its proof: whoever is given it finds all of the subject's events. */
export interface SubjectSecret {
  readonly subject: string
  readonly secret: Buffer
  readonly proof: Buffer
}

/** The log's VRF key, the secrets it has already worked out, and the last number it gave each subject. */
export interface SecretSource {
  readonly vrfSecretKey: Uint8Array
  readonly known: Map<string, SubjectSecret>
  readonly numbers: Map<string, number>
}

/** The secrets a batch of events needs, and those among them that may not be in the database yet. */
export interface BatchSecrets<E> {
  readonly events: readonly E[]
  readonly all: ReadonlyMap<string, SubjectSecret>
  readonly fresh: readonly SubjectSecret[]
}

/** A VRF proof costs some milliseconds; more subjects that are not remembered than this in one batch would hold the checkpoint up. */
const freshMax = 8
const knownMax = 50_000

/** A source with an empty memory. */
export function openSecretSource(vrfSecretKey: Uint8Array): SecretSource {
  return { vrfSecretKey, known: new Map(), numbers: new Map() }
}

/**
 * The secrets of the events' subjects: remembered, or computed (C2SP vrf-r255 over `type:id`). Never those of the database:
 * whoever holds it would put another secret there for a while, and what happened meanwhile could be left out of a chain
 * unseen. Takes only as many of the events, from the first on, as have few enough subjects to compute; always at least one.
 */
export function secretsOf<E extends { readonly subjects: readonly string[] }>(
  source: SecretSource,
  events: readonly E[],
): BatchSecrets<E> {
  if (source.known.size > knownMax) source.known.clear()
  if (source.numbers.size > knownMax) source.numbers.clear()
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

function computed(source: SecretSource, subject: string): SubjectSecret {
  const { output, proof } = vrfProve(source.vrfSecretKey, Buffer.from(subject, 'utf8'))
  return { subject, secret: Buffer.from(output), proof: Buffer.from(proof) }
}
