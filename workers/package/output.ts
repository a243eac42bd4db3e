import { createHash } from 'node:crypto'
import type { Store, UploadedPart } from '../../services/foundation/store/store.ts'

export interface PartTarget {
  readonly bucket: 'derived'
  readonly key: string
  readonly multipartId: string
}

export interface Output {
  write(chunk: Uint8Array): Promise<void> | void
  /** Sends the rest, and ends. */
  finish(): Promise<{ parts: UploadedPart[]; bytes: number; sha256: Buffer }>
  /** Resolves when no part is on its way any more, however it ended. */
  settle(): Promise<void>
}

/**
 * Cuts a stream of unknown length into parts of `partBytes` and sends each while the next one fills: two parts are held in
 * memory, whatever comes.
 */
export function openOutput(
  primary: Pick<Store, 'putPart'>,
  target: PartTarget,
  options: { partBytes: number; signal: AbortSignal },
): Output {
  const { partBytes, signal } = options
  const digest = createHash('sha256')
  const parts: UploadedPart[] = []
  const spare = [Buffer.allocUnsafe(partBytes), Buffer.allocUnsafe(partBytes)]
  let current = spare.pop()!
  let filled = 0
  let total = 0
  let number = 0
  let sending: Promise<void> = Promise.resolve()

  async function send(): Promise<void> {
    const bytes = current.subarray(0, filled)
    digest.update(bytes)
    await sending
    number += 1
    const used = current
    sending = primary.putPart({ ...target, number, bytes: bytes.length }, bytes, signal).then((part) => {
      parts.push(part)
      spare.push(used)
    })
    // Heard at the next part or at the end.
    sending.catch(() => undefined)
    filled = 0
  }

  async function fill(chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.length; ) {
      const length = Math.min(chunk.length - offset, partBytes - filled)
      current.set(chunk.subarray(offset, offset + length), filled)
      filled += length
      offset += length
      if (filled < partBytes) continue
      await send()
      if (spare.length === 0) await sending
      current = spare.pop()!
    }
  }

  return {
    write(chunk) {
      signal.throwIfAborted()
      total += chunk.length
      // Nothing is waited for as long as it fits.
      if (filled + chunk.length >= partBytes) return fill(chunk)
      current.set(chunk, filled)
      filled += chunk.length
    },
    async finish() {
      if (filled > 0) await send()
      await sending
      return { parts, bytes: total, sha256: digest.digest() }
    },
    settle: () => sending.catch(() => undefined),
  }
}
