import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../foundation/hash.ts'
import { createDurably } from './durable.ts'

/** Enough to show; a log that sends wrong checkpoints in a loop must not fill the disk. */
const keptMax = 200

/**
 * Keeps a checkpoint that its log signed and should not have: "the witness MAY log the request even if the checkpoint fails one of
 * the consistency checks above … as it might be proof of log misbehavior." Answers the file's path, null when it was kept before
 * or there are enough.
 */
export async function keepEvidence(folder: string, body: string): Promise<string | null> {
  const refused = join(folder, 'refused')
  await mkdir(refused, { recursive: true, mode: 0o700 })
  if ((await readdir(refused)).length >= keptMax) return null
  const path = join(refused, `${sha256(body).toString('hex').slice(0, 32)}.txt`)
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
