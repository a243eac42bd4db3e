import { Fault } from '../../foundation/errors.ts'
import type { BodyReader } from './body-reader.ts'
import { type Cursor, digestChunk } from './part-sender.ts'

/** A buffer that is being filled: its first `filled` bytes are the newest that were taken from the body. */
export interface Gathering {
  readonly buffer: Buffer
  filled: number
}

/**
 * Takes a body through one buffer: `onFull` puts what is in it elsewhere and empties it, while the body waits. The buffer
 * is the only memory.
 *
 * `onFull` is called only when more follows: a body that goes beyond `bytesMax` (the absolute end of the file) must not pass
 * for the whole file, and what the buffer holds when this returns or throws is the caller's to keep or to drop. The digest
 * then stands at the end of the buffer.
 *
 * @throws too_large; what the reader or `onFull` throws
 */
export async function gather(
  reader: Pick<BodyReader, 'next'>,
  gathering: Gathering,
  { cursor, bytesMax }: { cursor: Cursor; bytesMax: number },
  onFull: () => Promise<void>,
): Promise<void> {
  const { buffer } = gathering
  for (;;) {
    const isFull = gathering.filled === buffer.length
    const chunk = await reader.next(isFull ? buffer.length : buffer.length - gathering.filled)
    if (!chunk) return
    if (cursor.position + chunk.length > bytesMax) throw tooLong(bytesMax)
    if (isFull) await onFull()
    digestChunk(cursor, chunk)
    gathering.filled += chunk.copy(buffer, gathering.filled)
  }
}

function tooLong(bytesMax: number): Fault {
  return new Fault(
    'too_large',
    `the body goes beyond byte ${bytesMax}, which is the end: nothing beyond it was stored`,
    {
      details: { bytesMax },
    },
  )
}
