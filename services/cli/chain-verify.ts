import type { CaseChain } from '../custody/chain/schema.ts'
import { canonicalText } from '../ledger/format/canonical.ts'
import type { Checkpoint } from '../ledger/format/checkpoint.ts'
import { type EventBody, leafHash } from '../ledger/format/entry.ts'
import type { LogKeys } from '../ledger/format/log-keys.ts'
import { type VerifiedCase, verifyCase } from '../ledger/verify/case.ts'
import { checkSignedCheckpoint } from '../ledger/verify/checkpoint.ts'
import { dockDigestFaults } from '../ledger/verify/dock-digests.ts'
import { type ReadEvent, readEvents } from '../ledger/verify/events.ts'
import { handInFaults } from '../ledger/verify/hand-ins.ts'
import type { PlacedBody } from '../ledger/verify/placed-body.ts'
import type { HandInFault, ShownHandIn } from '../ledger/verify/shown-hand-in.ts'
import type { DisclosedSubject } from '../ledger/verify/subjects.ts'
import { timesAgainstOrder } from '../ledger/verify/times.ts'
import type { ReadTile } from '../ledger/verify/tree-walk.ts'
import type { ChainCode, VerifiedFinding } from './chain-codes.ts'

type ChainEvent = Omit<CaseChain['events'][number], 'kindName' | 'actorName' | 'onBehalfOfName' | 'details'> &
  Pick<EventBody, 'details'>

/** What of a chain can be verified; the rest of the service's answer is its word. */
export interface VerifiableChain {
  readonly case: Pick<CaseChain['case'], 'number'>
  readonly checkpoint: CaseChain['checkpoint']
  readonly subjects: readonly DisclosedSubject[]
  readonly events: readonly ChainEvent[]
  readonly loose: readonly ChainEvent[]
  readonly handIns: readonly ShownHandIn[]
}

/** What the verifier trusts; all of it comes from outside of what is verified. */
export interface ChainTrust {
  readonly log: LogKeys
  /** 32 bytes. */
  readonly vrfPublicKey: Uint8Array
  readonly readTile: ReadTile
}

export interface VerifiedChain {
  /** The checkpoint that the chain was verified against; null when it cannot be relied on: nothing else is checked then. */
  readonly checkpoint: Checkpoint | null
  readonly findings: readonly VerifiedFinding[]
  /** Ids of the events whose body is proven to be in the ledger. */
  readonly proven: readonly string[]
  /** Ids of the events that the checkpoint does not cover yet: nothing is proven about them. */
  readonly uncovered: readonly string[]
}

/**
 * Verifies a case's chain by itself: the checkpoint's signature, then everything that `verifyCase` checks, then the fields
 * with which the service shows each proven event. Believes nothing but `trust`.
 *
 * Whatever is wrong with the chain comes back as findings; only failures to read tiles for other reasons than `not_found`
 * are thrown.
 */
export async function verifyChain(chain: VerifiableChain, trust: ChainTrust): Promise<VerifiedChain> {
  const opened = openNewest(chain.checkpoint, trust.log)
  if ('finding' in opened) return { checkpoint: null, findings: [opened.finding], proven: [], uncovered: [] }
  const { checkpoint } = opened
  const readCovered = (shown: readonly ChainEvent[]) =>
    readEvents(
      shown.map((event) => (isCovered(event, checkpoint) ? event : { ...event, index: null })),
      nameOfEvent,
    )
  const events = readCovered(chain.events)
  const loose = readCovered(chain.loose)
  const disclosure = { caseNumber: chain.case.number, subjects: chain.subjects, events, loose }
  const verified = await verifyCase(disclosure, { ...trust, checkpoint })
  const proven = new Map([...verified.proven, ...verified.provenLoose])
  const shown = [...proven].flatMap(([index, event]) => shownFaults(event, index, verified.leaves))
  return {
    checkpoint,
    findings: [
      ...verified.findings.map((one): VerifiedFinding => ({ by: 'verifier', ...one })),
      ...shown,
      ...timeFaults(proven),
      ...(verified.isTreeRead ? listFaults(chain, verified, events) : []),
    ],
    proven: [...proven.values()].map((event) => event.shown.id),
    uncovered: verified.isTreeRead
      ? [...events, ...loose].filter((event) => event.shown.index === null).map((event) => event.shown.id)
      : [],
  }
}

function openNewest(note: string | null, log: LogKeys): { checkpoint: Checkpoint } | { finding: VerifiedFinding } {
  const refuse = (code: ChainCode, what: string) => ({
    finding: { by: 'verifier', code, where: 'checkpoint', what } as const,
  })
  if (note === null) return refuse('checkpoint_missing', 'the ledger has not signed anything yet')
  const opened = checkSignedCheckpoint(note, log)
  return 'fault' in opened ? refuse(opened.fault.code, opened.fault.what) : opened
}

function isCovered({ index }: ChainEvent, { size }: Checkpoint): boolean {
  return index !== null && index < size
}

function nameOfEvent({ id }: ChainEvent): string {
  return `event ${id}`
}

/** Proven events whose times run against the order of their leaves. */
function timeFaults(proven: ReadonlyMap<number, ReadEvent<ChainEvent>>): VerifiedFinding[] {
  const timed = [...proven].flatMap(([index, { body }]) => (body ? [{ index, at: body.at }] : []))
  return timesAgainstOrder(timed).map(({ index, at, before, byMs }) => ({
    by: 'verifier',
    code: 'time_against_order',
    where: proven.get(index)!.where,
    what: `leaf ${index} says ${at}, ${byMs / 1000} s before leaf ${before.index}`,
  }))
}

/**
 * The docks' lists and the digests that docks signed, against the proven events. Those that no checkpoint covers yet stand behind them by the service's word: they
 * are named as such, and without them a list that is just coming in would be short of its opening.
 */
function listFaults(
  chain: VerifiableChain,
  verified: Pick<VerifiedCase<ChainEvent>, 'proven' | 'provenLoose'>,
  events: readonly ReadEvent<ChainEvent>[],
): VerifiedFinding[] {
  const covered = placedOf(verified.proven)
  const next = (covered.at(-1)?.index ?? -1) + 1
  const waiting = events
    .flatMap(({ shown, body }) => (shown.index === null && body ? [body] : []))
    .map((body, at) => ({ index: next + at, body }))
  const subjects = chain.subjects.map(({ subject }) => subject)
  const placed = [...covered, ...waiting]
  const loose = placedOf(verified.provenLoose)
  const found = (code: ChainCode, faults: readonly HandInFault[]) =>
    faults.map(({ where, what }): VerifiedFinding => ({ by: 'verifier', code, where, what }))
  return [
    ...found('hand_in_differs', handInFaults(chain.handIns, subjects, placed, loose)),
    ...found('dock_digest_unsigned', dockDigestFaults(chain.handIns, subjects, placed, loose)),
  ]
}

/** The bodies that could be read, ascending by index. */
function placedOf(proven: ReadonlyMap<number, ReadEvent<ChainEvent>>): PlacedBody[] {
  const inOrder = [...proven].sort(([index], [other]) => index - other)
  return inOrder.flatMap(([index, { body }]) => (body ? [{ index, body }] : []))
}

/** What the service shows of an event beside its body, compared with the body and the leaf that were proven. */
function shownFaults(
  { shown, body, where }: ReadEvent<ChainEvent>,
  index: number,
  leaves: ReadonlyMap<number, Buffer>,
): VerifiedFinding[] {
  const findings: VerifiedFinding[] = []
  const add = (code: ChainCode, what: string) => findings.push({ by: 'verifier', code, where, what })
  const data = leaves.get(index)
  if (data && shown.index === index && leafHash(data).toString('hex') !== shown.leafHash) {
    add('leaf_hash_differs', `leaf ${index} has the hash ${leafHash(data).toString('hex')}`)
  }
  const plain = ['id', 'kind', 'at', 'actor', 'actorRole', 'onBehalfOf'] as const
  const nested = ['subjects', 'details'] as const
  const wrong = [
    ...plain.filter((name) => body?.[name] !== shown[name]),
    ...nested.filter((name) => !body || canonicalText(body[name]) !== canonicalText(shown[name])),
  ]
  if (wrong.length > 0) add('fields_differ', `not as in the committed body: ${wrong.join(', ')}`)
  return findings
}
