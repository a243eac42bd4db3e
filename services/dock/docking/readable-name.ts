import { plain } from '../../foundation/plain-text.ts'

/** A raw file name to read: UTF-8 where it is, else GBK, which recorders write; never trusted as markup. */
export function readableName(raw: Uint8Array): string {
  for (const encoding of ['utf-8', 'gbk']) {
    try {
      return plain(new TextDecoder(encoding, { fatal: true }).decode(raw))
    } catch {
      // Not in this one.
    }
  }
  return plain(Buffer.from(raw).toString('latin1'))
}
