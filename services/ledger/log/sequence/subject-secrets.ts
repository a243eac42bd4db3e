import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Db } from '../../../foundation/db/database.ts'
import type { Logger } from '../../../foundation/log.ts'
import { subjectsMax } from '../append.ts'
import { isOwnSecret, type StoredSecret, type SubjectSecret, secretMacKey } from './secret-mac.ts'
import { readSecrets } from './stored-secrets.ts'
import { openVrfProver, type VrfProver } from './vrf-prover.ts'

/** A proof that is needed or was just made. It is kept until an event about its subject has its leaf. */
interface Proof {
  /** The stored row whose MAC was missing or wrong, if there was a row. */
  readonly doubted: StoredSecret | null
  /** Set once a thread was asked for it. */
  requested: Promise<void> | null
  made: SubjectSecret | null
}

/** The secrets of the sequencer's subjects, and the last number it gave each of them. */
export interface SecretSource {
  readonly macKey: Buffer
  /** Secrets of the most recently used subjects, as Latin-1 text, which takes a third of a small Buffer's memory. */
  readonly known: LRUCache<string, string>
  /** Last numbers of the most recently used subjects. */
  readonly numbers: LRUCache<string, number>
  /** In the order of their events. */
  readonly proofs: Map<string, Proof>
  readonly prover: VrfProver
  /** Subjects whose altered row was already warned of. */
  readonly warned: LRUCache<string, true>
  /** By `performance.now()`: until then no thread is asked, because one failed. */
  threadsRestUntilMs: number
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
  /** Subjects whose row in the database was altered. */
  readonly altered: readonly string[]
}

/** Some 10 MB of secrets and numbers, a few weeks of a town's subjects. A forgotten one costs a read of its row. */
const rememberedMaxDefault = 20_000
/** A round makes this many proofs itself, in about 40 ms. An event needs no more: eight, the register of each, and the office. */
const proofsNowMax = 2 * subjectsMax + 1
/** Threads are asked only when more proofs than this are needed: starting a thread costs as much as a hundred proofs. */
const proofsNeededMax = 4 * (subjectsMax + 1)
/** Proofs that threads are asked for at once: work for a round. More would delay those that are needed sooner. */
const proofsRequestedMax = 128
/** How long a batch waits for proofs before it continues with the events that have theirs. A checkpoint is due in 250 ms. */
const proofWaitMs = 50
/** After a thread failed, rounds make their proofs themselves for this long: the next thread may well fail like it. */
const threadsRestMs = 60_000

/** A source that remembers up to `rememberedMax` subjects, none yet. */
export function openSecretSource(
  vrfSecretKey: Uint8Array,
  options: { rememberedMax?: number; prover?: VrfProver } = {},
): SecretSource {
  const { rememberedMax: max = rememberedMaxDefault, prover = openVrfProver(vrfSecretKey) } = options
  const source: SecretSource = {
    macKey: secretMacKey(vrfSecretKey),
    known: new LRUCache({ max }),
    numbers: new LRUCache({ max }),
    proofs: new Map(),
    warned: new LRUCache({ max }),
    prover,
    threadsRestUntilMs: 0,
    close() {
      // Threads that are ended are not threads that failed.
      source.threadsRestUntilMs = Number.POSITIVE_INFINITY
      return prover.close()
    },
  }
  return source
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
 * Takes the events in order, up to the first whose secrets are not ready in time, but at least one if any waits, whatever
 * becomes of the prover's threads.
 */
export async function secretsOf<E extends Subjects>(
  db: Db,
  source: SecretSource,
  waiting: readonly E[],
  log: Logger,
): Promise<BatchSecrets<E>> {
  const found = await findSecrets(db, source, waiting, log)
  await proofsInTime(source, waiting)
  proveSome(source, waiting)
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
  const altered = [...proven].filter(wasAltered).map(({ made }) => made!.subject)
  return { events, all, fresh, altered }
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
 * Returns the secrets that are remembered or stored, by subject, and notes the proofs that are needed besides. Many of them
 * are requested from threads. Called early for the next batch, it has them proven while the present one is signed.
 */
export async function findSecrets(
  db: Db,
  source: SecretSource,
  waiting: readonly Subjects[],
  log: Logger,
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>()
  const unknown = new Set<string>()
  for (const subject of waiting.flatMap(({ subjects }) => subjects)) {
    const secret = source.known.get(subject)
    if (secret) found.set(subject, Buffer.from(secret, 'latin1'))
    else if (!source.proofs.has(subject)) unknown.add(subject)
  }
  if (unknown.size === 0) return found
  const rows = new Map((await readSecrets(db, [...unknown])).map((row) => [row.subject, row]))
  for (const subject of unknown) {
    const row = rows.get(subject) ?? null
    if (row && isOwnSecret(source.macKey, row)) {
      found.set(subject, row.secret)
      source.known.set(subject, row.secret.toString('latin1'))
    } else {
      source.proofs.set(subject, { doubted: row, requested: null, made: null })
    }
  }
  requestProofs(source, log)
  return found
}

function requestProofs(source: SecretSource, log: Logger): void {
  const needed = [...source.proofs].filter(([, { made }]) => made === null)
  if (needed.length <= proofsNeededMax) return
  for (const [subject, proof] of needed.slice(0, proofsRequestedMax)) {
    if (performance.now() < source.threadsRestUntilMs) return
    proof.requested ??= requestProof(source, subject, proof, log)
  }
}

/** Never rejects: a proof that no thread makes is left for the rounds. */
async function requestProof(source: SecretSource, subject: string, proof: Proof, log: Logger): Promise<void> {
  try {
    proof.made = await source.prover.prove(subject)
  } catch (error) {
    // One thread fails all that it was asked for: one line for it is enough.
    if (performance.now() < source.threadsRestUntilMs) return
    source.threadsRestUntilMs = performance.now() + threadsRestMs
    log.warn({ err: error, restMs: threadsRestMs }, 'no thread makes VRF proofs for a while: the sequencer makes them')
  }
}

/** Waits up to `proofWaitMs` for those proofs of the events that threads were asked for. */
async function proofsInTime({ proofs }: SecretSource, waiting: readonly Subjects[]): Promise<void> {
  const needed = waiting.flatMap(({ subjects }) => subjects.flatMap((subject) => proofs.get(subject) ?? []))
  const requested = needed.flatMap(({ made, requested }) => (made === null && requested ? [requested] : []))
  if (requested.length === 0) return
  await Promise.race([Promise.all(requested), delay(proofWaitMs, undefined, { ref: false })])
}

/** Makes the first proofs that are still missing, so that a round places an event even if no thread answers. */
function proveSome({ proofs, prover }: SecretSource, waiting: readonly Subjects[]): void {
  let count = 0
  for (const subject of waiting.flatMap(({ subjects }) => subjects)) {
    const proof = proofs.get(subject)
    if (!proof || proof.made) continue
    if (count === proofsNowMax) return
    proof.made = prover.proveNow(subject)
    count += 1
  }
}

/** To be called once the batch is committed. Each subject is warned of once, not each time that its row is read. */
export function warnOfAltered(source: SecretSource, altered: readonly string[], log: Logger): void {
  const subjects = altered.filter((subject) => !source.warned.has(subject))
  for (const subject of subjects) source.warned.set(subject, true)
  if (subjects.length === 0) return
  log.warn({ subjects }, 'stored subject secrets or their MACs were altered: the VRF’s are used, see custody fsck')
}

/** A correct row without a MAC was written by an earlier version, not altered. */
function wasAltered({ doubted, made }: Proof): boolean {
  if (doubted === null || made === null) return false
  return doubted.mac !== null || !doubted.secret.equals(made.secret) || !doubted.proof.equals(made.proof)
}
