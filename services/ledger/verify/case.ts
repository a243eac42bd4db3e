import { Fault, isFault } from '../../foundation/errors.ts'
import type { JsonValue } from '../format/canonical.ts'
import { type Checkpoint, parseCheckpoint } from '../format/checkpoint.ts'
import type { LogKeys } from '../format/log-keys.ts'
import { splitNote } from '../format/note.ts'
import { openCheckpoint } from '../format/signed-checkpoint.ts'
import { checkEvents } from './events.ts'
import { checkSubjects, tagsToLookFor, trueSecrets } from './subjects.ts'
import { walkTree } from './tree-walk.ts'

/** A subject whose secret is disclosed: `type:id`, VRF output and proof in hex (null before its first event has a leaf). */
export interface DisclosedSubject {
  readonly subject: string
  readonly secret: string | null
  readonly proof: string | null
}

/** One event of a chain. `body` is the committed text, `salt` hex; `index` is null until the sequencer took it. */
export interface DisclosedEvent {
  readonly id: string
  readonly index: number | null
  readonly kind: string
  readonly at: string
  readonly actor: string
  readonly actorRole: string
  readonly subjects: readonly { readonly type: string; readonly id: string }[]
  readonly details: { readonly [name: string]: JsonValue }
  readonly body: string
  readonly salt: string
  readonly leafHash: string | null
}

/** What of a chain can be verified; the service's answer holds more. `checkpoint` is the signed note. */
export interface VerifiableChain {
  readonly case: { readonly number: string }
  readonly checkpoint: string | null
  readonly subjects: readonly DisclosedSubject[]
  readonly events: readonly DisclosedEvent[]
}

/** What the verifier trusts; all of it comes from outside of what is verified. */
export interface ChainTrust {
  readonly log: LogKeys
  readonly vrfPublicKey: Uint8Array
  /** A tile or entry bundle by its path (`tile/0/000.p/7`). @throws not_found when the log does not have it */
  readonly readTile: (path: string) => Promise<Uint8Array>
}

/** Every fault that a chain can show, one code a kind. */
export const chainFaults = {
  checkpoint_missing: 'there is no signed checkpoint',
  checkpoint_malformed: 'the checkpoint cannot be read',
  checkpoint_origin: 'the checkpoint is of another log',
  checkpoint_signature: 'the checkpoint is not signed by a given key',
  root_differs: 'tiles and entries do not lead to the root that was signed',
  tile_missing: 'a tile or entry bundle is missing',
  tile_differs: 'a tile holds another hash than what lies below it',
  bundle_malformed: 'an entry bundle cannot be read',
  leaf_malformed: 'a leaf is not one of this log',
  leaf_differs: 'an entry is not the one that the tree holds',
  leaf_hash_differs: 'an event names another leaf hash than its leaf has',
  body_differs: 'body or salt of an event are not what the ledger committed',
  body_malformed: 'the body of an event cannot be read',
  fields_differ: 'an event is shown with fields that its body does not have',
  index_differs: 'an event stands in the ledger under another index',
  link_missing: 'the leaf of an event does not carry the tag of its subject',
  secret_missing: 'a subject with events in the ledger has no secret',
  secret_differs: "a subject's secret is not the one that the log's VRF key gives",
  number_missing: 'the ledger skips a number of a subject',
  number_twice: 'the ledger gave a number of a subject to two events',
  event_missing: 'the ledger holds an event of a subject that the chain does not show',
  event_extra: 'the chain shows an event that is about none of its subjects',
  event_twice: 'the chain shows an event twice',
  subject_missing: 'an event names a subject that the chain does not disclose',
  order_differs: 'the events are not in the order of the ledger',
} as const
export type ChainFault = keyof typeof chainFaults

export interface ChainFinding {
  readonly code: ChainFault
  /** `checkpoint`, the path of a tile, `leaf 17`, `event <id>`, or a subject. */
  readonly where: string
  readonly what: string
}

export interface ChainVerdict {
  /** The checkpoint that was verified, null when it does not hold: nothing else is checked then. */
  readonly checkpoint: Checkpoint | null
  readonly findings: readonly ChainFinding[]
  /** Ids of the events whose body is proven to stand in the ledger. */
  readonly proven: readonly string[]
  /** Events that the checkpoint does not cover yet: nothing is proven of them. */
  readonly uncovered: readonly string[]
}

/**
 * Verifies a case's chain by itself: the checkpoint's signature, every entry and tile up to its root, each event against
 * its leaf, and for each disclosed subject that its secret is the log's and that no event of it is missing, the last one
 * included. Believes nothing but `trust`.
 *
 * Whatever is wrong with the chain comes back as findings; only failures to read tiles for other reasons than `not_found`
 * are thrown.
 */
export async function verifyChain(chain: VerifiableChain, trust: ChainTrust): Promise<ChainVerdict> {
  const opened = openTrusted(chain.checkpoint, trust.log)
  if ('finding' in opened) return { checkpoint: null, findings: [opened.finding], proven: [], uncovered: [] }
  const { checkpoint } = opened
  const secrets = trueSecrets(chain, trust.vrfPublicKey)
  const walk = await walkTree(checkpoint, trust.readTile, {
    tags: tagsToLookFor(chain, secrets),
    events: chain.events,
  })
  if (!walk.complete) return { checkpoint, findings: walk.findings, proven: [], uncovered: [] }
  const events = checkEvents(chain, checkpoint.size, walk)
  const findings = [...walk.findings, ...events.findings, ...checkSubjects(chain, secrets, walk, events)]
  return { checkpoint, findings, proven: events.provenIds, uncovered: events.uncovered }
}

function openTrusted(note: string | null, log: LogKeys): { checkpoint: Checkpoint } | { finding: ChainFinding } {
  const refuse = (code: ChainFault, what: string) => ({ finding: { code, where: 'checkpoint', what } })
  if (note === null) return refuse('checkpoint_missing', 'the ledger has not signed anything yet')
  try {
    const claimed = parseCheckpoint(splitNote(note).text)
    if (claimed.origin !== log.origin) {
      return refuse('checkpoint_origin', `the checkpoint is of ${claimed.origin}, the given keys are of ${log.origin}`)
    }
    return { checkpoint: openCheckpoint(note, { origin: log.origin, logKeys: log.keys, witnessKeys: [] }).checkpoint }
  } catch (error) {
    if (isFault(error, 'malformed')) return refuse('checkpoint_malformed', error.message)
    if (isFault(error, 'unproven')) return refuse('checkpoint_signature', error.message)
    throw new Fault('internal', 'the checkpoint could not be checked', { cause: error })
  }
}
