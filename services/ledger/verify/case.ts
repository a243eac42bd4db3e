import type { Checkpoint } from '../format/checkpoint.ts'
import { checkEvents, type ReadEvent, type ShownEvent } from './events.ts'
import type { LedgerFinding } from './finding.ts'
import { checkOnce } from './once.ts'
import { checkStatements } from './statements.ts'
import { checkSecrets, checkSubjects, type Disclosure } from './subjects.ts'
import { type ReadTile, walkTree } from './tree-walk.ts'

/** The log as it is verified against. */
export interface OpenedLog {
  /** Its signature was checked before: `checkSignedCheckpoint`. */
  readonly checkpoint: Checkpoint
  /** 32 bytes, from outside of what is verified. */
  readonly vrfPublicKey: Uint8Array
  readonly readTile: ReadTile
}

export interface VerifiedCase<E extends ShownEvent> {
  readonly findings: readonly LedgerFinding[]
  /** False when the tree could not be read to its end: nothing is known about events then. */
  readonly isTreeRead: boolean
  /** The events that the ledger committed, by their leaf. */
  readonly proven: ReadonlyMap<number, ReadEvent<E>>
  /** The same of the loose events. */
  readonly provenLoose: ReadonlyMap<number, ReadEvent<E>>
  /** The entries at the indexes that events claim. */
  readonly leaves: ReadonlyMap<number, Buffer>
}

/**
 * Verifies what is disclosed of a case: every entry and tile up to the checkpoint's root, each event against its leaf, and
 * for each subject that its secret is the log's and that no event of it is missing, the last one included; that
 * what happens once did; and what people signed against what was put up for their signature. This is stages 3 to 5 of DESIGN.md §7 but for the proofs of single
 * events and the order of times.
 *
 * Whatever is wrong comes back as findings; only failures to read tiles for other reasons than `not_found` are thrown.
 */
export async function verifyCase<E extends ShownEvent>(
  disclosure: Disclosure<E>,
  { checkpoint, vrfPublicKey, readTile }: OpenedLog,
): Promise<VerifiedCase<E>> {
  const { subjects, events, loose } = disclosure
  const secrets = checkSecrets(subjects, events, vrfPublicKey)
  const walk = await walkTree(checkpoint, readTile, {
    tags: new Set(secrets.followed.flatMap(({ tags }) => tags)),
    events: [...events, ...loose].map(({ shown }) => shown),
  })
  const { isComplete, leaves } = walk
  if (!isComplete) {
    return { findings: walk.findings, isTreeRead: false, proven: new Map(), provenLoose: new Map(), leaves }
  }
  const checked = checkEvents(disclosure, walk)
  const { proven, provenLoose } = checked
  const missing = checkSubjects(disclosure, secrets.followed, walk, checked)
  const all = [...events, ...loose]
  const acts = [...checkOnce(all), ...checkStatements(all)]
  const findings = [...walk.findings, ...secrets.findings, ...checked.findings, ...missing, ...acts]
  return { findings, isTreeRead: true, proven, provenLoose, leaves }
}
