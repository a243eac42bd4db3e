import { signatureTypes } from '../../../services/ledger/format/keys.ts'
import { sampleParts, stampPath } from '../sample-package.ts'
import { type Mutation, type MutationContext, mended, replaceFiles, setCheckpoint } from './mutation.ts'
import { type SampleLog, sampleRotation, signedBy } from './sample-log.ts'

type Signers = MutationContext['parts']['signers']
type Signer = Signers['strangerLog']

const isMlDsa = ({ type }: Signer) => type === signatureTypes.cosignatureMlDsa44
const isEd25519 = (signer: Signer) => !isMlDsa(signer)

/** Signatures of two kinds of which one is missing, and key sets at sizes that are not theirs: DESIGN.md §5. */
export const kindMutations: readonly Mutation[] = [
  signed('without Ed25519 lines of the log', 'checkpoint_signature', ({ log, witnesses }) => [
    ...log.filter(isMlDsa),
    ...witnesses,
  ]),
  signed('without ML-DSA-44 lines of the log', 'checkpoint_signature', ({ log, witnesses }) => [
    ...log.filter(isEd25519),
    ...witnesses,
  ]),
  signed('without any Ed25519 line', 'checkpoint_signature', ({ log, witnesses }) =>
    [...log, ...witnesses].filter(isMlDsa),
  ),
  signed('without any ML-DSA-44 line', 'checkpoint_signature', ({ log, witnesses }) =>
    [...log, ...witnesses].filter(isEd25519),
  ),
  signed('without Ed25519 lines of witnesses', 'quorum_missing', ({ log, witnesses }) => [
    ...log,
    ...witnesses.filter(isMlDsa),
  ]),
  signed('without ML-DSA-44 lines of witnesses', 'quorum_missing', ({ log, witnesses }) => [
    ...log,
    ...witnesses.filter(isEd25519),
  ]),
  signed('with one kind of the log twice', 'checkpoint_signature', ({ log, witnesses }) => [
    log[0]!,
    log[0]!,
    ...witnesses,
  ]),
  signed('with one kind of a witness twice', 'quorum_missing', ({ log, witnesses }) => [
    ...log,
    witnesses[0]!,
    witnesses[0]!,
    witnesses[2]!,
  ]),
  signed('with both kinds of a witness and another', 'accepted', ({ log, witnesses }) => [
    ...log,
    ...witnesses.slice(0, 2),
    witnesses[3]!,
  ]),
  signed('signed by the keys before the rotation', 'checkpoint_signature', ({ earlierLog, witnesses }) => [
    ...earlierLog,
    ...witnesses,
  ]),
  signed('signed by the keys before the rotation too', 'accepted', ({ log, earlierLog, witnesses }) => [
    ...earlierLog,
    ...log,
    ...witnesses,
  ]),
  earlierPackage('of a checkpoint before the rotation', 'accepted', ({ earlierLog }) => earlierLog),
  earlierPackage('of a checkpoint before the rotation, by later keys', 'checkpoint_signature', ({ log }) => log),
  stamped('before the rotation', 'accepted', sampleRotation - 1, ({ earlierLog }) => earlierLog),
  stamped('at the rotation', 'accepted', sampleRotation, ({ log }) => log),
  stamped('before the rotation, by later keys', 'timestamp_checkpoint', sampleRotation - 1, ({ log }) => log),
  stamped('at the rotation, by earlier keys', 'timestamp_checkpoint', sampleRotation, ({ earlierLog }) => earlierLog),
  stamped('by Ed25519 alone', 'timestamp_checkpoint', sampleRotation + 9, ({ log }) => log.filter(isEd25519)),
  stamped('by ML-DSA-44 alone', 'timestamp_checkpoint', sampleRotation + 9, ({ log }) => log.filter(isMlDsa)),
]

function signed(what: string, expect: string, by: (signers: Signers) => readonly Signer[]): Mutation {
  return mended(`checkpoint ${what}`, expect, ({ files, parts }) => {
    setCheckpoint(files, signedBy(parts.log.textAt(parts.size), by(parts.signers)))
  })
}

/** A whole package of a tree that ends before the rotation. */
function earlierPackage(what: string, expect: string, by: (signers: Signers) => readonly Signer[]): Mutation {
  return mended(`package ${what}`, expect, ({ files, seed }) => {
    const older = sampleParts({ seed, authority: null, until: sampleRotation - 1 })
    replaceFiles(files, older.files)
    setCheckpoint(files, noteOf(older.log, older.size, [...by(older.signers), ...older.signers.witnesses]))
  })
}

function stamped(what: string, expect: string, size: number, by: (signers: Signers) => readonly Signer[]): Mutation {
  return mended(`time-stamp of a checkpoint ${what}`, expect, ({ files, parts, authority }) => {
    const bytes = Buffer.from(noteOf(parts.log, size, by(parts.signers)))
    files.set(`${stampPath}.checkpoint`, bytes)
    files.set(`${stampPath}.tsr`, authority.stamp(bytes))
  })
}

function noteOf(log: SampleLog, size: number, signers: readonly Signer[]): string {
  return signedBy(log.textAt(size), signers)
}
