import type { Checkpoint } from '../../services/ledger/format/checkpoint.ts'
import type { LogKeys } from '../../services/ledger/format/log-keys.ts'
import { verifyInclusion } from '../../services/ledger/format/merkle.ts'
import { parseProof } from '../../services/ledger/format/proof.ts'
import { openCheckpoint } from '../../services/ledger/format/signed-checkpoint.ts'
import { unproven } from '../../services/ledger/format/strict.ts'

/**
 * Verifies a c2sp.org/tlog-proof by the log's word alone: signature and origin of the checkpoint, then the path from the
 * leaf to the root.
 *
 * @param claim.leafHash computed by the caller from the entry itself, never taken from the proof
 * @throws malformed for what is no proof, unproven for what does not hold, naming the step
 */
export function verifyProof(
  text: string,
  claim: { leafHash: Uint8Array; log: LogKeys },
): { readonly index: number; readonly checkpoint: Checkpoint } {
  const { index, hashes, checkpoint: note } = parseProof(text)
  const checkpoint = openCheckpoint(note, claim.log)
  const { size, root } = checkpoint
  if (!verifyInclusion({ index, size, leafHash: claim.leafHash, proof: hashes, root })) {
    throw unproven(`the entry is not leaf ${index} of the log of ${size} leaves`)
  }
  return { index, checkpoint }
}
