import { createHash } from 'node:crypto'
import type { Store, UploadedPart } from '../../services/foundation/store/store.ts'

export interface OutputTarget {
  readonly bucket: 'derived'
  readonly key: string
  readonly multipartId: string
}

export interface Output {
  /** What it returns is waited for before the next. @throws what a part under way failed with */
  write(chunk: Uint8Array): Promise<void> | void
  /** Sends the rest, and ends. */
  finish(): Promise<{ parts: UploadedPart[]; bytes: number; sha256: Buffer }>
  /** Resolves when no part is on its way any more, however it ended. */
  settle(): Promise<void>
}

/** The store works on two parts while a third one fills. */
const partsAtOnce = 2

/**
 * Cuts a stream of unknown length into parts of `partBytes` and sends each while the next one fills: three parts are held in
 * memory, whatever comes.
 */
export function openOutput(
  primary: Pick<Store, 'putPart'>,
  target: OutputTarget,
  options: { partBytes: number; signal: AbortSignal },
): Output {
  const { partBytes, signal } = options
  const digest = createHash('sha256')
  const parts: UploadedPart[] = []
  const spare = Array.from({ length: partsAtOnce }, () => Buffer.allocUnsafe(partBytes))
  const underWay = new Set<Promise<void>>()
  let current = Buffer.allocUnsafe(partBytes)
  let filled = 0
  let total = 0
  let number = 0

  function send(): void {
    const used = current
    const bytes = used.subarray(0, filled)
    digest.update(bytes)
    number += 1
    filled = 0
    const sending: Promise<void> = primary
      .putPart({ ...target, number, bytes: bytes.length }, bytes, signal)
      .then((part) => {
        parts.push(part)
        spare.push(used)
        underWay.delete(sending)
      })
    // Heard when the next buffer is wanted, or at the end.
    sending.catch(() => undefined)
    underWay.add(sending)
  }

  async function fill(chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.length; ) {
      const length = Math.min(chunk.length - offset, partBytes - filled)
      current.set(chunk.subarray(offset, offset + length), filled)
      filled += length
      offset += length
      if (filled < partBytes) continue
      send()
      while (spare.length === 0) await Promise.race(underWay)
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
      if (filled > 0) send()
      await Promise.all(underWay)
      return { parts, bytes: total, sha256: digest.digest() }
    },
    settle: async () => {
      await Promise.allSettled(underWay)
    },
  }
}
