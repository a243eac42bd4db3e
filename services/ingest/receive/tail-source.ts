import type { TailPiece } from '../../custody/intake/upload-tail.ts'
import { Fault } from '../../foundation/errors.ts'
import type { Store } from '../../foundation/store/store.ts'

/** The bytes of the pieces one after the other as they come from the store, and then `rest`. @throws bytes_differ; not_found */
export async function* bytesOfPieces(
  store: Pick<Store, 'get'>,
  pieces: readonly TailPiece[],
  rest: Buffer,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    const object = { bucket: 'tails', key: piece.key, versionId: null } as const
    let bytes = 0
    for await (const chunk of (await store.get(object, signal ? { signal } : {})) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      yield chunk
    }
    if (bytes !== piece.bytes) {
      throw new Fault('bytes_differ', `the piece ${piece.key} in tails has ${bytes} bytes, not ${piece.bytes}`)
    }
  }
  if (rest.length > 0) yield rest
}
