import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../../foundation/db/database.ts'
import { isOwnSecret, type StoredSecret, type SubjectSecret, secretMacKey } from './secret-mac.ts'
import { readSecrets } from './stored-secrets.ts'
import { openVrfProver, type VrfProver } from './vrf-prover.ts'

/** A secret being proven by the VRF. It is kept from the request until an event about its subject has its leaf. */
interface Proof {
  readonly done: Promise<SubjectSecret>
  made: SubjectSecret | null
  /** The stored row whose MAC was missing or wrong, if there was a row. */
  readonly doubted: StoredSecret | null
}

/** The secrets of the sequencer's subjects, and the last number it gave each of them. */
export interface SecretSource {
  readonly macKey: Buffer
  /** Secrets of the most recently used subjects, as Latin-1 text, which takes a third of a small Buffer's memory. */
  readonly known: LRUCache<string, string>
  /** Last numbers of the most recently used subjects. */
  readonly numbers: LRUCache<string, number>
  readonly proofs: Map<string, Proof>
  readonly prover: VrfProver
  /** Ends the prover's threads. */
  close(): Promise<void>
}

interface Subjects {
  readonly subjects: readonly string[]
}

/** The secrets that a batch of events needs, and those among them that must be written in the batch's transaction. */
export interface BatchSecrets<E> {
  readonly events: readonly E[]
  readonly all: ReadonlyMap<string, Buffer>
  readonly fresh: readonly SubjectSecret[]
  /** Subjects whose row in the database had been altered. */
  readonly changed: readonly string[]
}

/** Some 10 MB of secrets and numbers, a few weeks of a town's subjects. A forgotten one costs a read of its row. */
const subjectsMaxDefault = 20_000
/** Proofs requested and not used yet. They keep the threads busy for a round; more would delay the proofs asked for next. */
const proofsMax = 128
/** How long a batch waits for proofs before it continues with the events that have theirs. A checkpoint is due in 250 ms. */
const proofWaitMs = 50

/** A source that remembers up to `subjectsMax` subjects, none yet. */
export function openSecretSource(
  vrfSecretKey: Uint8Array,
  options: { subjectsMax?: number; prover?: VrfProver } = {},
): SecretSource {
  const { subjectsMax: max = subjectsMaxDefault, prover = openVrfProver(vrfSecretKey) } = options
  return {
    macKey: secretMacKey(vrfSecretKey),
    known: new LRUCache({ max }),
    numbers: new LRUCache({ max }),
    proofs: new Map(),
    prover,
    close: () => prover.close(),
  }
}

/** After a failed step it is unknown what was written, so only the secrets, which never change, stay remembered. */
export function forgetProgress(source: SecretSource): void {
  source.numbers.clear()
  source.proofs.clear()
}

/**
 * The secrets of the events' subjects: remembered, read from the database, or proven by the VRF (C2SP vrf-r255 over
 * `type:id`). A row counts only if its MAC is right: otherwise whoever controls the database could store another secret for a
 * while, and the events of that time could be left out of a chain unnoticed.
 *
 * Takes the events in order, up to the first whose secrets are not ready in time, but at least one if any waits.
 *
 * @throws the prover's error when a proof that the batch needs failed
 */
export async function secretsOf<E extends Subjects>(
  db: Db,
  source: SecretSource,
  waiting: readonly E[],
): Promise<BatchSecrets<E>> {
  const found = await findSecrets(db, source, waiting)
  await proofsInTime(source, waiting)
  const events: E[] = []
  const all = new Map<string, Buffer>()
  const proven = new Set<Proof>()
  for (const event of waiting) {
    const isReady = event.subjects.every((subject) => found.has(subject) || source.proofs.get(subject)?.made)
    if (!isReady) break
    events.push(event)
    for (const subject of event.subjects) {
      const proof = found.has(subject) ? null : source.proofs.get(subject)!
      if (proof) proven.add(proof)
      all.set(subject, found.get(subject) ?? proof!.made!.secret)
    }
  }
  const fresh = [...proven].map(({ made }) => made!)
  const changed = [...proven].filter(wasChanged).map(({ made }) => made!.subject)
  return { events, all, fresh, changed }
}

/** To be called once the batch is committed. */
export function rememberBatch(
  source: SecretSource,
  secrets: ReadonlyMap<string, Buffer>,
  numbers: ReadonlyMap<string, number>,
): void {
  for (const [subject, secret] of secrets) {
    source.known.set(subject, secret.toString('latin1'))
    source.proofs.delete(subject)
  }
  for (const [subject, n] of numbers) source.numbers.set(subject, n)
}

/**
 * Returns the secrets that are remembered or stored, by subject. Proofs of the others are requested, in the order of the
 * events. Called early for the next batch, it has them proven while the present one is signed.
 */
export async function findSecrets(
  db: Db,
  source: SecretSource,
  waiting: readonly Subjects[],
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const unknown = new Set<string>()
  for (const subject of waiting.flatMap(({ subjects }) => subjects)) {
    const secret = source.known.get(subject)
    if (secret) found.set(subject, Buffer.from(secret, 'latin1'))
    else if (!source.proofs.has(subject)) unknown.add(subject)
  }
  if (unknown.size === 0) return found
  const doubted = new Map<string, StoredSecret>()
  for (const row of await readSecrets(db, [...unknown])) {
    if (!isOwnSecret(source.macKey, row)) {
      doubted.set(row.subject, row)
      continue
    }
    found.set(row.subject, row.secret)
    source.known.set(row.subject, row.secret.toString('latin1'))
  }
  for (const event of waiting) {
    for (const subject of event.subjects) {
      if (found.has(subject) || source.proofs.has(subject)) continue
      // The first event is always served, so that a full list of requests cannot stop the sequencer.
      if (source.proofs.size >= proofsMax && event !== waiting[0]) return found
      startProof(source, subject, doubted.get(subject) ?? null)
    }
  }
  return found
}

function startProof(source: SecretSource, subject: string, doubted: StoredSecret | null): void {
  const proof: Proof = { done: source.prover.prove(subject), made: null, doubted }
  source.proofs.set(subject, proof)
  proof.done.then(
    (made) => {
      proof.made = made
    },
    // The error reaches the batch that waits for this proof.
    () => undefined,
  )
}

/** Waits up to `proofWaitMs` for the proofs of all events, and as long as it takes for those of the first event. */
async function proofsInTime(source: SecretSource, waiting: readonly Subjects[]): Promise<void> {
  const proofsOf = (events: readonly Subjects[]) => {
    const proofs = events.flatMap(({ subjects }) => subjects.flatMap((subject) => source.proofs.get(subject) ?? []))
    return Promise.all(proofs.filter(({ made }) => made === null).map(({ done }) => done))
  }
  await Promise.race([proofsOf(waiting), delay(proofWaitMs, undefined, { ref: false })])
  await proofsOf(waiting.slice(0, 1))
}

/** A correct row without a MAC was written by an earlier version, not altered. */
function wasChanged({ doubted, made }: Proof): boolean {
  if (doubted === null || made === null) return false
  return doubted.mac !== null || !doubted.secret.equals(made.secret) || !doubted.proof.equals(made.proof)
}
