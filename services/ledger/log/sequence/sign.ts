import type { Clock } from '../../../foundation/clock.ts'
import type { NoteSigner } from '../../format/note.ts'
import { signCheckpoint } from '../../format/signed-checkpoint.ts'
import type { Head, HeadFile } from '../head.ts'

/** What the log signs with, and the clock that its ML-DSA-44 signatures state the time of. */
export interface Signing {
  readonly signer: NoteSigner
  readonly mlDsaSigner: NoteSigner | null
  readonly head: HeadFile
  readonly clock: Clock
}

/**
 * Step 2. Moves the head in the second place forward, then signs: a signature exists only for a tree that the head
 * allows. Signing again after a crash gives the same text: its Ed25519 line is the same again, its ML-DSA-44 line another
 * one that holds as well.
 */
export async function sign(deps: Signing, tree: Head): Promise<string> {
  const { signer, mlDsaSigner, head, clock } = deps
  await head.advance(tree)
  const mlDsa = mlDsaSigner && { signer: mlDsaSigner, timestampSeconds: Math.floor(clock.now().getTime() / 1000) }
  return signCheckpoint({ origin: signer.name, size: tree.size, root: tree.root }, signer, mlDsa)
}
