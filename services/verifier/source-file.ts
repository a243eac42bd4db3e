import { open } from 'node:fs/promises'
import type { BytesSource } from './source.ts'

/** A file on disk as random access; `close` it afterwards. */
export async function openFile(path: string): Promise<BytesSource & { close: () => Promise<void> }> {
  const handle = await open(path, 'r')
  const { size } = await handle.stat()
  return {
    bytes: size,
    readAt: async (offset, length) => {
      const buffer = Buffer.allocUnsafe(length)
      let have = 0
      while (have < length) {
        const { bytesRead } = await handle.read(buffer, have, length - have, offset + have)
        if (bytesRead === 0) break
        have += bytesRead
      }
      return buffer.subarray(0, have)
    },
    close: () => handle.close(),
  }
}
