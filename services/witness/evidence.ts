import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../foundation/hash.ts'
import { createDurably } from './durable.ts'
import type { LogState } from './state.ts'

/** Enough to show; a log that sends wrong checkpoints in a loop must not fill the disk. */
const keptMax = 200

/**
 * Keeps a checkpoint that its log signed and should not have: "the witness MAY log the request even if the checkpoint fails one of
 * the consistency checks above … as it might be proof of log misbehavior." Checkpoints are public and the proof beside one is
 * signed by nobody: anyone can send a sound one with a wrong proof. So each is kept once, the one that was cosigned is none, and
 * another tree of the size that was cosigned, which no stranger can make, has room of its own.
 *
 * Answers the file's path, null when it is none, was kept before, or there are enough.
 */
export async function keepEvidence(
  folder: string,
  body: string,
  submitted: { readonly origin: string; readonly size: number; readonly root: Buffer },
  last: LogState,
): Promise<string | null> {
  const { origin, size, root } = submitted
  const isProof = size === last.size && size > 0
  if (isProof && root.equals(last.root)) return null
  const refused = join(folder, 'refused')
  await mkdir(refused, { recursive: true, mode: 0o700 })
  const prefix = isProof ? 'same-size-' : ''
  const kept = (await readdir(refused)).filter((name) => name.startsWith('same-size-') === isProof)
  if (kept.length >= keptMax) return null
  const id = sha256(`${origin}\n${size}\n${root.toString('hex')}\n`).toString('hex')
  const path = join(refused, `${prefix}${id.slice(0, 32)}.txt`)
  return (await createDurably(path, body)) ? path : null
}

/** How many are kept. */
export async function evidenceCount(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'refused')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.length
}
