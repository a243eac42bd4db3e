import { type Checkpoint, checkpointText, parseCheckpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import type { NoteSigner, VerifierKey } from './keys.ts'
import { joinNote, openNote, signNote, splitNote, type VerifiedSignature } from './note.ts'
import { malformed, unproven } from './strict.ts'

/** Whom a reader trusts. The keys come from outside of what is checked, never out of it. */
export interface Trust {
  readonly origin: string
  readonly logKeys: readonly VerifierKey[]
  readonly witnessKeys: readonly VerifierKey[]
}

/** A checkpoint that the log signed, and the cosignatures of known witnesses on it. */
export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly cosignatures: readonly { readonly name: string; readonly timestampSeconds: number }[]
}

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
 * c2sp.org/tlog-proof, step 2 and 3: "Check that the checkpoint origin line is acceptable, and that the checkpoint is signed
 * by a log public key configured for that origin line. Verify all cosignatures for witnesses known to the verifier."
 *
 * @throws malformed for what is no checkpoint, unproven for another origin or signatures that do not hold
 */
export function openCheckpoint(note: string, trust: Trust): OpenedCheckpoint {
  const { text, verified } = openNote(note, [...trust.logKeys, ...trust.witnessKeys])
  const checkpoint = parseCheckpoint(text)
  if (checkpoint.origin !== trust.origin) {
    throw unproven(`the checkpoint is of ${checkpoint.origin}, not of ${trust.origin}`)
  }
  if (!verified.some(({ key }) => trust.logKeys.includes(key)))
    throw unproven('the checkpoint is not signed by the log')
  return { checkpoint, cosignatures: verified.filter(({ key }) => trust.witnessKeys.includes(key)).map(cosignatureOf) }
}

function cosignatureOf({ key, timestampSeconds }: VerifiedSignature): { name: string; timestampSeconds: number } {
  if (timestampSeconds === null) throw malformed(`the key of the witness ${key.name} is not one for cosignatures`)
  return { name: key.name, timestampSeconds }
}
