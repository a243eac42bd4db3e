import { ReadFailed, type SeenFile, type Volume } from '../sources/source.ts'
import type { RunningDigests } from './digests.ts'

/**
 * The file's bytes from `from` on, on their way hashed as far as they were not yet: after a cut line the same stretch may be
 * read again, and counts once. Ends only after exactly `file.bytes` bytes.
 *
 * @throws VolumeGone; ReadFailed, also when the file is shorter or longer than the list says
 */
export async function* readOnce(
  volume: Pick<Volume, 'read'>,
  file: SeenFile,
  reading: { from: number; digests: RunningDigests; signal: AbortSignal },
): AsyncIterable<Buffer> {
  const { from, digests, signal } = reading
  let at = Math.min(from, digests.position())
  for await (const chunk of volume.read(file, at, signal)) {
    signal.throwIfAborted()
    const start = at
    at += chunk.length
    if (at > file.bytes) throw new ReadFailed(`the file is longer than the ${file.bytes} bytes it was listed with`)
    const isNew = Math.max(0, digests.position() - start)
    if (isNew < chunk.length) await digests.update(chunk.subarray(isNew))
    const wanted = Math.max(0, from - start)
    if (wanted < chunk.length) yield chunk.subarray(wanted)
  }
  if (at < file.bytes) throw new ReadFailed(`the file ends after ${at} of the ${file.bytes} bytes it was listed with`)
}

/** Reads a file once more, for its digest alone. @throws VolumeGone, ReadFailed */
export async function freshDigest(
  volume: Pick<Volume, 'read'>,
  file: SeenFile,
  reading: { digests: RunningDigests; signal: AbortSignal },
): Promise<string> {
  const { digests, signal } = reading
  try {
    for await (const _ of readOnce(volume, file, { from: 0, digests, signal })) {
      // Hashed on its way.
    }
    return (await digests.end()).sha256
  } catch (error) {
    digests.discard()
    throw error
  }
}
