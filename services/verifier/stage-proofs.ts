import { isFault } from '../foundation/errors.ts'
import { leafHash } from '../ledger/format/entry.ts'
import { verifyInclusion } from '../ledger/format/merkle.ts'
import { noteBytesMax } from '../ledger/format/note.ts'
import { parseProof } from '../ledger/format/proof.ts'
import type { ReadEvent } from '../ledger/verify/events.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { utf8OrNull } from './json-files.ts'
import type { EventLine } from './package-files.ts'
import type { CheckedCheckpoint } from './stage-checkpoint.ts'

export function proofPath(index: number): string {
  return `data/ledger/proofs/${index}.tlog-proof`
}

/**
 * Stage 5, the proof of each event by itself: c2sp.org/tlog-proof, with the checkpoint of the package "included verbatim"
 * and no extra data.
 *
 * @param tree.leaves the entries at the indexes that the events claim
 */
export async function checkProofs(
  bag: Bag,
  events: readonly ReadEvent<EventLine>[],
  tree: { leaves: ReadonlyMap<number, Buffer>; checked: CheckedCheckpoint },
  findings: Findings,
): Promise<void> {
  for (const { shown, where } of events) {
    const path = proofPath(shown.index)
    if (!bag.has(path)) {
      findings.add('proof_missing', path, where)
      continue
    }
    const bytes = await bag.read(path, 2 * noteBytesMax)
    const data = tree.leaves.get(shown.index)
    const wrong = data ? proofFault(bytes, shown.index, data, tree.checked) : 'the tree has no such leaf'
    if (wrong !== null) findings.add('proof_differs', path, wrong)
  }
}

function proofFault(
  bytes: Buffer,
  index: number,
  data: Buffer,
  { note, checkpoint }: CheckedCheckpoint,
): string | null {
  const text = utf8OrNull(bytes)
  if (text === null) return 'it is not UTF-8'
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
