import { verifyInclusion } from '../../services/ledger/format/merkle.ts'
import { parseProof } from '../../services/ledger/format/proof.ts'
import { type OpenedCheckpoint, openCheckpoint, type Trust } from '../../services/ledger/format/signed-checkpoint.ts'
import { unproven } from '../../services/ledger/format/strict.ts'

/**
 * Verifies a proof as its specification says, offline: signature and origin of the checkpoint, cosignatures, then the path
 * from the leaf to the root.
 *
 * @param claim.leafHash computed by the caller from the entry itself, never taken from the proof
 * @param claim.witnessesMin how many different witnesses must have cosigned; 0 accepts the log's word alone
 * @throws malformed for what is no proof, unproven for what does not hold, naming the step
 */
export function verifyProof(
  text: string,
  claim: { leafHash: Uint8Array; trust: Trust; witnessesMin: number },
): OpenedCheckpoint & { readonly index: number } {
  const proof = parseProof(text)
  const opened = openCheckpoint(proof.checkpoint, claim.trust)
  // A witness that signs with two keys is still one.
  const witnesses = new Set(opened.cosignatures.map(({ name }) => name)).size
  if (witnesses < claim.witnessesMin) {
    throw unproven(`${witnesses} known witnesses cosigned the checkpoint instead of ${claim.witnessesMin}`)
  }
  const { size, root } = opened.checkpoint
  if (!verifyInclusion({ index: proof.index, size, leafHash: claim.leafHash, proof: proof.hashes, root })) {
    throw unproven(`the entry is not leaf ${proof.index} of the log of ${size} leaves`)
  }
  return { ...opened, index: proof.index }
}
