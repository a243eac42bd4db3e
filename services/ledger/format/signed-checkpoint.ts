import { type Checkpoint, checkpointText, parseCheckpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import { keyKind, type NoteSigner, type VerifierKey } from './keys.ts'
import { keysAt, type LogKeys } from './log-keys.ts'
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
 * log public key configured for that origin line." Every key of the set that signs at its size must have signed: a broken
 * kind of signature alone must not be enough. Lines of other keys, such as cosignatures, are ignored.
 *
 * @param log the keys come from outside of what is checked, never out of it
 * @throws malformed for what is no checkpoint, unproven for another origin or for a signature that is missing or wrong
 */
export function openCheckpoint(note: string, log: LogKeys): Checkpoint {
  return openCosigned(note, log, []).checkpoint
}

/**
 * The same, and the witnesses' signatures on it: "Verify all cosignatures for witnesses known". `cosigners` are the keys of
 * `witnessKeys` that signed.
 *
 * @throws as `openCheckpoint`, also for a wrong line of a witness' key
 */
export function openCosigned(
  note: string,
  log: LogKeys,
  witnessKeys: readonly VerifierKey[],
): { checkpoint: Checkpoint; cosigners: VerifierKey[] } {
  const checkpoint = parseCheckpoint(splitNote(note).text)
  if (checkpoint.origin !== log.origin) {
    throw unproven(`the checkpoint is of ${checkpoint.origin}, not of ${log.origin}`)
  }
  const logKeys = keysAt(log, checkpoint.size)
  const signers = openNote(note, [...logKeys, ...witnessKeys]).verified.map(({ key }) => key)
  const missing = logKeys.filter((key) => !signers.includes(key))
  if (missing.length > 0) {
    const kinds = missing.map(({ type }) => keyKind(type)).join(' and ')
    throw unproven(
      `the checkpoint lacks the log's ${kinds} signature by the key that signs at ${checkpoint.size} leaves`,
    )
  }
  return { checkpoint, cosigners: signers.filter((key) => witnessKeys.includes(key)) }
}
