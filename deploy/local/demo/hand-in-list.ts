import { type KeyObject, randomBytes, sign } from 'node:crypto'
import { type FileDigest, fileDigestBytes } from '../../../services/ledger/format/file-digest.ts'
import {
  filesRootOf,
  type HandInHead,
  type HandInLine,
  handInHeadBytes,
  lineDigest,
  lineSaltBytes,
} from '../../../services/ledger/format/hand-in-list.ts'

/** What a dock knows of a hand-in before it signs. */
export interface SeenOnDevice extends Omit<HandInHead, 'v' | 'count' | 'filesRoot'> {
  readonly files: readonly Omit<HandInLine, 'number'>[]
}

/** The body of POST /hand-ins: the signed head, and each line with the salt that its digest was made with. */
export function signedHandIn(seen: SeenOnDevice, key: KeyObject) {
  const { files, ...rest } = seen
  const lines = files.map((file, number) => ({ ...file, number }))
  const salts = lines.map(() => randomBytes(lineSaltBytes))
  const filesRoot = filesRootOf(lines.map((line, number) => lineDigest(line, salts[number]!))).toString('hex')
  const head: HandInHead = { v: 2, ...rest, count: lines.length, filesRoot }
  return {
    ...head,
    files: lines.map((line, number) => ({ ...line, salt: salts[number]!.toString('base64') })),
    signature: sign(null, handInHeadBytes(head), key).toString('base64'),
  }
}

/** The body of PUT /uploads/:id/digest: what the dock read, and its signature over that, the list and the line. */
export function signedDigest(read: Omit<FileDigest, 'v'>, key: KeyObject) {
  const { sha256, sm3 } = read
  const signature = sign(null, fileDigestBytes({ v: 1, ...read }), key).toString('base64')
  return { sha256, sm3, signature }
}
