import { Fault } from '../../foundation/errors.ts'
import type { BodyReader } from './body-reader.ts'
import { type Cursor, digestChunk, type OnDurable, type PartTarget, sendBuffer } from './part-sender.ts'

/**
 * Takes a body whose length nobody announced: a part's length must be known before its first byte, so bytes are gathered
 * in one buffer of `partBytesMin` and sent from there. The buffer is the only memory; the body waits meanwhile.
 *
 * Nothing beyond `bytesMax` (the absolute end of the file) is taken, and the part that ends the file is only sent once the
 * body has ended: a body that is too long must not pass for the whole file.
 *
 * @returns what remains after the last full part; the caller decides whether it is the last part or a tail.
 * @throws too_large
 */
export async function sendBuffered(
  target: () => Promise<PartTarget>,
  reader: BodyReader,
  cursor: Cursor,
  sizes: { partBytesMin: number; bytesMax: number },
  onDurable: OnDurable,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(sizes.partBytesMin)
  let filled = 0
  for (;;) {
    const isFull = filled === buffer.length
    const chunk = await reader.next(isFull ? buffer.length : buffer.length - filled)
    if (!chunk) return buffer.subarray(0, filled)
    const from = cursor.position + filled
    if (from + chunk.length > sizes.bytesMax) throw tooLong(sizes.bytesMax)
    // Sent only when more follows: the last part is the caller's. The digest stands at the part's end here.
    if (isFull) {
      await onDurable(await sendBuffer(await target(), cursor, buffer))
      filled = 0
    }
    digestChunk(cursor, from, chunk)
    filled += chunk.copy(buffer, filled)
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
