import { type KeyObject, sign } from 'node:crypto'
import { canonicalBytes } from '../../ledger/format/canonical.ts'

/** What the dock says of one file after its last byte, with its signature: the bureau cannot invent it. */
export function signedDigest(
  statement: { filesRoot: string; number: number; sha256: string; sm3: string | null },
  key: KeyObject,
): { sha256: string; sm3: string | null; signature: string } {
  const { filesRoot, number, sha256, sm3 } = statement
  const signature = sign(null, canonicalBytes({ v: 1, filesRoot, number, sha256, sm3 }), key)
  return { sha256, sm3, signature: signature.toString('base64') }
}
