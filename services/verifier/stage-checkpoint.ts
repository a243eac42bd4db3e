import type { Checkpoint } from '../ledger/format/checkpoint.ts'
import type { VerifierKey } from '../ledger/format/keys.ts'
import { noteBytesMax, splitNote, verifyNoteSignature } from '../ledger/format/note.ts'
import { type CheckpointFault, checkSignedCheckpoint } from '../ledger/verify/checkpoint.ts'
import type { Bag } from './bag.ts'
import type { Findings } from './findings.ts'
import { utf8OrNull } from './json-files.ts'
import { paths } from './package-files.ts'
import type { PackageTrust } from './trust.ts'

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

/** Stage 2: the checkpoint, by keys of the trust file alone; null when nothing can be checked against it. */
export async function checkCheckpoint(
  bag: Bag,
  trust: PackageTrust,
  findings: Findings,
): Promise<CheckedCheckpoint | null> {
  const read = openCheckpointFile(await bag.read(paths.checkpoint, noteBytesMax), trust)
  if ('fault' in read) {
    findings.add(read.fault.code, paths.checkpoint, read.fault.what)
    return null
  }
  const witnesses = checkCosignatures(read.note, trust, findings)
  return { ...read, witnesses, needsWitnesses: trust.policy.needsWitnesses }
}

/** Reads a signed note that lies in a package as bytes, and opens it with the log's keys of the trust file. */
export function openCheckpointFile(
  bytes: Uint8Array,
  { log }: PackageTrust,
): { note: string; checkpoint: Checkpoint } | { fault: CheckpointFault } {
  const note = utf8OrNull(bytes)
  if (note === null) return { fault: { code: 'checkpoint_malformed', what: 'it is not UTF-8' } }
  const opened = checkSignedCheckpoint(note, log)
  return 'fault' in opened ? opened : { note, checkpoint: opened.checkpoint }
}

function checkCosignatures(note: string, trust: PackageTrust, findings: Findings): Witnessing[] {
  const { text, signatures } = splitNote(note)
  const cosigners = new Map<VerifierKey, Witnessing>()
  for (const { name, keyId, signature } of signatures) {
    const witness = trust.policy.witnesses.find(({ key }) => key.name === name && key.keyId === keyId)
    if (!witness) continue
    const { key } = witness
    const verified = verifyNoteSignature(key, text, signature)
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
