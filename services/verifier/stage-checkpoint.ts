import { isFault } from '../foundation/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../ledger/format/checkpoint.ts'
import type { VerifierKey } from '../ledger/format/keys.ts'
import { type NoteSignature, splitNote, verifyNoteSignature } from '../ledger/format/note.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { paths } from './package-files.ts'
import type { PackageTrust } from './trust.ts'

/** Notes have at most 1,000,000 bytes. */
export const noteBytesMax = 1_000_000

export interface Witnessing {
  readonly name: string
  readonly timestampSeconds: number
}

export interface CheckedCheckpoint {
  /** The note as it stands in the package. */
  readonly note: string
  readonly checkpoint: Checkpoint
  readonly witnesses: readonly Witnessing[]
  /** False for a policy that asks for no witness. */
  readonly needsWitnesses: boolean
}

/** The signed note of a checkpoint, taken apart, not believed. */
export interface ReadNote {
  readonly note: string
  readonly text: string
  readonly checkpoint: Checkpoint
  readonly signatures: readonly NoteSignature[]
}

/** Stage 2: the checkpoint, by keys of the trust file alone; null when nothing can be checked against it. */
export async function checkCheckpoint(
  bag: Bag,
  trust: PackageTrust,
  findings: Findings,
): Promise<CheckedCheckpoint | null> {
  const read = readNote(await bag.read(paths.checkpoint, noteBytesMax))
  if (typeof read === 'string') {
    findings.add('checkpoint_malformed', paths.checkpoint, read)
    return null
  }
  const { note, checkpoint } = read
  if (checkpoint.origin !== trust.origin) {
    findings.add(
      'checkpoint_origin',
      paths.checkpoint,
      `it is of ${checkpoint.origin}, the trust file is of ${trust.origin}`,
    )
    return null
  }
  const wrong = logSignatureFault(read, trust)
  if (wrong !== null) {
    findings.add('checkpoint_signature', paths.checkpoint, wrong)
    return null
  }
  const witnesses = checkCosignatures(read, trust, findings)
  return { note, checkpoint, witnesses, needsWitnesses: trust.policy.needsWitnesses }
}

/** Reads the bytes of a checkpoint's note (DESIGN.md §4); a text says why they are none. */
export function readNote(bytes: Buffer): ReadNote | string {
  if (bytes.length > noteBytesMax) return `a note has at most ${noteBytesMax} bytes`
  const note = bytes.toString('utf8')
  if (!Buffer.from(note, 'utf8').equals(bytes)) return 'it is not UTF-8'
  try {
    const { text, signatures } = splitNote(note)
    const checkpoint = parseCheckpoint(text)
    if (checkpoint.extensions.length > 0) return 'it has extension lines'
    return { note, text, checkpoint, signatures }
  } catch (error) {
    if (!isFault(error, 'malformed')) throw error
    return error.message
  }
}

/** Null when a trusted key of the log signed and no line in the name of one is wrong; else what is wrong. */
export function logSignatureFault({ text, signatures }: ReadNote, trust: PackageTrust): string | null {
  let signed = false
  for (const signature of signatures) {
    const key = keyOf(signature, trust.policy.logKeys)
    if (!key) continue
    if (verifyNoteSignature(key, text, signature.signature) === null) return `the signature of ${key.name} is wrong`
    signed = true
  }
  return signed ? null : 'no trusted key of the log signed it'
}

function checkCosignatures({ text, signatures }: ReadNote, trust: PackageTrust, findings: Findings): Witnessing[] {
  const cosigners = new Map<VerifierKey, Witnessing>()
  for (const signature of signatures) {
    const key = keyOf(
      signature,
      trust.policy.witnesses.map((witness) => witness.key),
    )
    if (!key) continue
    const verified = verifyNoteSignature(key, text, signature.signature)
    if (verified?.timestampSeconds == null) {
      findings.add('cosignature_invalid', paths.checkpoint, `the cosignature of ${key.name} is wrong`)
    } else if (!cosigners.has(key)) {
      cosigners.set(key, { name: key.name, timestampSeconds: verified.timestampSeconds })
    }
  }
  if (!trust.policy.isMet([...cosigners.keys()])) {
    const names = [...cosigners.values()].map(({ name }) => name)
    findings.add('quorum_missing', paths.checkpoint, `valid cosignatures: ${names.join(', ') || 'none'}`)
  }
  return [...cosigners.values()]
}

function keyOf({ name, keyId }: NoteSignature, keys: readonly VerifierKey[]): VerifierKey | undefined {
  return keys.find((key) => key.name === name && key.keyId === keyId)
}
