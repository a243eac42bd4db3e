import { hash } from 'node:crypto'
import { isFault } from '../foundation/errors.ts'
import { checkBody, type EventBody, leafHash, parseLeafData } from '../ledger/format/entry.ts'
import { verifyInclusion } from '../ledger/format/merkle.ts'
import { parseProof } from '../ledger/format/proof.ts'
import { malformed } from '../ledger/format/strict.ts'
import { commitmentOrNull } from '../ledger/verify/events.ts'
import type { TreeWalk } from '../ledger/verify/tree-walk.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { type EventLine, paths } from './package-files.ts'
import { type CheckedCheckpoint, noteBytesMax } from './stage-checkpoint.ts'

/** A line of events.jsonl with its body, as far as that can be read; `subjects` are `type:id`, each once. */
export interface ShownEvent {
  readonly line: EventLine
  readonly body: EventBody | null
  readonly subjects: readonly string[]
  readonly where: string
}

/** Reads the bodies; what is wrong with them is found later, against the ledger. */
export function readEvents(lines: readonly EventLine[]): ShownEvent[] {
  return lines.map((line) => {
    const body = bodyOf(line.body)
    const isEvent = typeof body !== 'string'
    const subjects = isEvent ? [...new Set(body.subjects.map(({ type, id }) => `${type}:${id}`))] : []
    return {
      line,
      body: isEvent ? body : null,
      subjects,
      where: isEvent ? `event ${body.id} (leaf ${line.index})` : `leaf ${line.index}`,
    }
  })
}

/** Stage 5, first half: each event by itself against its leaf, its place and its proof. */
export async function checkEvents(
  bag: Bag,
  events: readonly ShownEvent[],
  tree: { walk: TreeWalk; checked: CheckedCheckpoint },
  findings: Findings,
): Promise<void> {
  const seen = new Set<number>()
  let last = -1
  for (const event of events) {
    const { line, where } = event
    if (seen.has(line.index)) findings.add('event_twice', where)
    seen.add(line.index)
    if (line.index < last) findings.add('order_differs', where, `it stands after leaf ${last}`)
    last = line.index
    checkCommitment(event, tree.walk, findings)
    await checkProof(bag, event, tree, findings)
  }
}

export function proofPath(index: number): string {
  return `data/ledger/proofs/${index}.tlog-proof`
}

function checkCommitment({ line, where }: ShownEvent, walk: TreeWalk, findings: Findings): void {
  if (hash('sha256', line.body) !== line.bodySha256) {
    findings.add('body_differs', where)
    return
  }
  const commitment = commitmentOrNull(line)
  const place = commitment === null ? undefined : walk.commitments.get(commitment)
  if (place === undefined) {
    findings.add('salt_differs', where)
  } else if (committedAt(walk, line.index) !== commitment) {
    findings.add('index_differs', where, `it is leaf ${place}`)
  } else {
    const body = bodyOf(line.body)
    if (typeof body === 'string') findings.add('body_malformed', where, body)
  }
}

function committedAt(walk: TreeWalk, index: number): string | null {
  const data = walk.leaves.get(index)
  return data && !walk.damaged.has(index) ? parseLeafData(data).commitment : null
}

/** c2sp.org/tlog-proof, with the checkpoint of the package "included verbatim" and no extra data. */
async function checkProof(
  bag: Bag,
  { line, where }: ShownEvent,
  { walk, checked }: { walk: TreeWalk; checked: CheckedCheckpoint },
  findings: Findings,
): Promise<void> {
  const path = proofPath(line.index)
  if (!bag.has(path)) {
    findings.add('proof_missing', path, where)
    return
  }
  const bytes = await bag.read(path, 2 * noteBytesMax)
  const data = walk.leaves.get(line.index)
  const wrong = data ? proofFault(bytes, line.index, data, checked) : 'the tree has no such leaf'
  if (wrong !== null) findings.add('proof_differs', path, wrong)
}

function proofFault(
  bytes: Buffer,
  index: number,
  data: Buffer,
  { note, checkpoint }: CheckedCheckpoint,
): string | null {
  const text = bytes.toString('utf8')
  if (!Buffer.from(text, 'utf8').equals(bytes)) return 'it is not UTF-8'
  try {
    const proof = parseProof(text)
    if (proof.extra !== undefined) return 'it has an extra line'
    if (proof.index !== index) return `it is of leaf ${proof.index}`
    if (proof.checkpoint !== note) return 'its checkpoint is not the one of the package, byte for byte'
    const { size, root } = checkpoint
    const holds = verifyInclusion({ index, size, leafHash: leafHash(data), proof: proof.hashes, root })
    return holds ? null : 'its path does not lead from the leaf to the root'
  } catch (error) {
    if (isFault(error, 'malformed')) return error.message
    throw error
  }
}

/** The body as an event of §1, or what is wrong with it. */
function bodyOf(text: string): EventBody | string {
  try {
    const body = checkBody(text)
    if (body.id === undefined) throw malformed('an event body has an id')
    return body
  } catch (error) {
    if (isFault(error, 'malformed')) return error.message
    throw error
  }
}

export const eventsPath = paths.events
