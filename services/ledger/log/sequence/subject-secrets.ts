import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../../foundation/db/database.ts'
import { isOwnSecret, type StoredSecret, type SubjectSecret, secretMacKey } from './secret-mac.ts'
import { readSecrets } from './stored-secrets.ts'
import { openVrfProver, type VrfProver } from './vrf-prover.ts'

/** A secret that the VRF proves now: from the request for it until an event with it has its leaf. */
interface Proof {
  readonly done: Promise<SubjectSecret>
  made: SubjectSecret | null
  /** The row that was not believed, if there was one. */
  readonly doubted: StoredSecret | null
}

/** Where the sequencer has its subjects' secrets from, and the last number it gave each subject. */
export interface SecretSource {
  readonly macKey: Buffer
  /** Secrets of the subjects that were used last, as Latin-1 text: a third of the memory that a small Buffer takes. */
  readonly known: LRUCache<string, string>
  /** Numbers of the subjects that were used last. */
  readonly numbers: LRUCache<string, number>
  readonly proofs: Map<string, Proof>
  readonly prover: VrfProver
  /** Ends the prover's threads. */
  close(): Promise<void>
}

interface Subjects {
  readonly subjects: readonly string[]
}

/** The secrets that a batch of events needs, and those among them that are to be written when the batch is. */
export interface BatchSecrets<E> {
  readonly events: readonly E[]
  readonly all: ReadonlyMap<string, Buffer>
  readonly fresh: readonly SubjectSecret[]
  /** Subjects whose row in the database was not what the log had written there. */
  readonly changed: readonly string[]
}

/** Some 10 MB of secrets and numbers: the subjects of some weeks of a town. One that is forgotten costs a look at its row. */
const subjectsMaxDefault = 20_000
/** Proofs that are asked for ahead of their event: they keep the threads busy for a round, and delay nobody longer. */
const proofsMax = 128
/** How long a batch waits for proofs before it goes on with the events that have theirs: a part of a checkpoint's 250 ms. */
const proofWaitMs = 50

/** A source with an empty memory for `subjectsMax` subjects. */
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

/** After a step that failed it is not known what was written: only secrets, which never change, are still remembered. */
export function forgetProgress(source: SecretSource): void {
  source.numbers.clear()
  source.proofs.clear()
}

/**
 * The secrets of the events' subjects: remembered, or read from the database, or proven by the VRF (C2SP vrf-r255 over
 * `type:id`). A row is believed only by its MAC: whoever holds the database would put another secret there for a while, and
 * what happened meanwhile could be left out of a chain unseen.
 *
 * Takes the events from the first on as far as their secrets are there in time; always at least one, unless there is none.
 *
 * @throws when a proof could not be made
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

/** Called after a batch was committed: what was fresh is in the database now. */
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
 * Secrets that are remembered or stored, by subject. The others are given to the prover, in the order of the events: asking
 * early for those of the next batch makes their proofs while this one is signed.
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
      // The first event must not wait for others; no later one may pass it.
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
    // The batch that needs it fails on it.
    () => undefined,
  )
}

/** Waits a short time for the proofs of all events, and as long as it takes for those of the first one. */
async function proofsInTime(source: SecretSource, waiting: readonly Subjects[]): Promise<void> {
  const proofsOf = (events: readonly Subjects[]) => {
    const proofs = events.flatMap(({ subjects }) => subjects.flatMap((subject) => source.proofs.get(subject) ?? []))
    return Promise.all(proofs.filter(({ made }) => made === null).map(({ done }) => done))
  }
  await Promise.race([proofsOf(waiting), delay(proofWaitMs, undefined, { ref: false })])
  await proofsOf(waiting.slice(0, 1))
}

/** A row without a MAC that is right otherwise is an old one. */
function wasChanged({ doubted, made }: Proof): boolean {
  if (doubted === null || made === null) return false
  return doubted.mac !== null || !doubted.secret.equals(made.secret) || !doubted.proof.equals(made.proof)
}
