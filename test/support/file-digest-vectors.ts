import { type FileDigest, fileDigestBytes } from '../../services/ledger/format/file-digest.ts'
import { parseSignerKey, signatureTypes, signBytes, signerKeyText } from '../../services/ledger/format/keys.ts'

/** What a dock signs of two files that it has read (DESIGN.md §8): of one it made SM3 too. */
export function fileDigestVectors(bytesOf: (name: string) => Buffer) {
  const seed = bytesOf('dock')
  const key = parseSignerKey(signerKeyText('dock', seed, signatureTypes.ed25519))
  const hexOf = (name: string) => bytesOf(name).toString('hex')
  const filesRoot = hexOf('files root')
  const digests: FileDigest[] = [
    { v: 1, filesRoot, number: 0, sha256: hexOf('media'), sm3: hexOf('sm3 of media') },
    { v: 1, filesRoot, number: 9999, sha256: hexOf('other media'), sm3: null },
  ]
  return {
    seed: seed.toString('hex'),
    publicKey: key.publicKey.toString('hex'),
    signed: digests.map((digest) => {
      const bytes = fileDigestBytes(digest)
      return { ...digest, text: bytes.toString('utf8'), signature: signBytes(key, bytes).toString('base64') }
    }),
  }
}
