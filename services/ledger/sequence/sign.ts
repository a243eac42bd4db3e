import type { Head, HeadFile } from '../head.ts'
import type { NoteSigner } from '../note.ts'
import { signCheckpoint } from '../signed-checkpoint.ts'

/**
 * Step 2. Moves the head in the second place forward, then signs: a signature exists only for a tree that the head
 * allows. Ed25519 is deterministic, so signing again after a crash gives the same note.
 */
export async function sign(deps: { signer: NoteSigner; head: HeadFile }, tree: Head): Promise<string> {
  await deps.head.advance(tree)
  return signCheckpoint({ origin: deps.signer.name, size: tree.size, root: tree.root }, deps.signer)
}
