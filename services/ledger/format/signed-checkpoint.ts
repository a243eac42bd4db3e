import { type Checkpoint, checkpointText, parseCheckpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import type { NoteSigner } from './keys.ts'
import type { LogKeys } from './log-keys.ts'
import { joinNote, openNote, signNote, splitNote } from './note.ts'
import { unproven } from './strict.ts'

/**
 * The signed note of a checkpoint: the Ed25519 line first, then that of the log's ML-DSA-44 key when it has one, a
 * cosignature under the log's own name ("The log's key name in its signature line SHOULD match the origin line").
 *
 * @param mlDsa `timestampSeconds` is the POSIX time that its signature states
 * @throws malformed
 */
export function signCheckpoint(
  checkpoint: { origin: string; size: number; root: Uint8Array },
  signer: NoteSigner,
  mlDsa: { signer: NoteSigner; timestampSeconds: number } | null = null,
): string {
  const text = checkpointText(checkpoint)
  const note = signNote(text, signer)
  if (mlDsa === null) return note
  const { name, keyId } = mlDsa.signer
  const signature = cosign(mlDsa.signer, text, mlDsa.timestampSeconds)
  return joinNote(text, [...splitNote(note).signatures, { name, keyId, signature }])
}

/**
 * c2sp.org/tlog-proof, step 2: "Check that the checkpoint origin line is acceptable, and that the checkpoint is signed by a
 * log public key configured for that origin line." Lines of other keys, such as cosignatures, are not looked at.
 *
 * @param log the keys come from outside of what is checked, never out of it
 * @throws malformed for what is no checkpoint, unproven for another origin or signatures that do not hold
 */
export function openCheckpoint(note: string, log: LogKeys): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, log.keys).text)
  if (checkpoint.origin !== log.origin) {
    throw unproven(`the checkpoint is of ${checkpoint.origin}, not of ${log.origin}`)
  }
  return checkpoint
}
